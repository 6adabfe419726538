//! Has the program built again when a file below `rules/` changes, comes or goes: they are built into it.

fn main() {
    println!("cargo::rerun-if-changed=rules");
}
