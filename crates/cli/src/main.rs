//! The command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    sweetspot_cli::main()
}
