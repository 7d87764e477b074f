//! Expected files beside the tests. Run with `NINES_BLESS=1` to write what is found as what is expected, then read
//! the difference.

use std::fs;
use std::path::Path;

pub fn check(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden").join(name);
    if std::env::var_os("NINES_BLESS").is_some() {
        fs::write(&path, found).expect("golden directory is writable");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == found, "{name} differs; found:\n{found}");
}
