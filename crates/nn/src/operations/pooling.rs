//! Maxima over windows, back.

use burn::tensor::{IndexingUpdateOp, Int, Tensor};

/// A pooling's input gradient: to each window's maximum, the first one in reading order.
pub fn pool_back(places: &Tensor<4, Int>, gradient: Tensor<4>, [height, width]: [usize; 2]) -> Tensor<4> {
    let [n, c, h, w] = gradient.dims();
    let zeros = Tensor::<3>::zeros([n, c, height * width], &gradient.device());
    let (places, gradient) = (places.clone().reshape([n, c, h * w]), gradient.reshape([n, c, h * w]));
    zeros.scatter(2, places, gradient, IndexingUpdateOp::Add).reshape([n, c, height, width])
}

#[cfg(test)]
mod tests {
    use burn::tensor::module::{max_pool2d, max_pool2d_with_indices};
    use burn::tensor::ops::MaxPoolOptions;

    use super::*;
    use crate::operations::against_recorder::{apart_by, waves};

    #[test]
    fn a_pools_gradient_goes_to_the_first_of_equal_maxima() {
        let options = MaxPoolOptions::new([2, 2]).with_stride([2, 2]);
        let (_, places) = max_pool2d_with_indices(waves([1, 1, 4, 4], 0.0), options);
        let gradient = pool_back(&places, waves([1, 1, 2, 2], 0.0) + 1.0, [4, 4]);
        let expected = [1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(gradient.into_data().try_to_vec::<f32>().unwrap(), expected);
    }

    #[test]
    fn pools_go_back_as_the_librarys_recorder_does() {
        let plain = MaxPoolOptions::new([3, 3]).with_stride([2, 2]);
        let hanging = MaxPoolOptions { ceil_mode: true, ..plain.clone() };
        let padded = MaxPoolOptions { padding: [(1, 1); 2], ..plain };
        for ((height, width), options) in
            [((7, 7), &hanging), ((8, 11), &hanging), ((9, 6), &hanging), ((8, 8), &padded), ((9, 6), &padded)]
        {
            let input = waves([2, 3, height, width], 0.83).autodiff().require_grad();
            let output = max_pool2d(input.clone(), options.clone());
            let gradient = waves(output.dims(), 0.57);
            let expected = input.grad(&(output * gradient.clone()).sum().backward()).unwrap();
            let (_, places) = max_pool2d_with_indices(input.inner(), options.clone());
            assert!(apart_by(pool_back(&places, gradient, [height, width]), expected) < 1e-6, "{height} x {width}");
        }
    }
}
