//! The files beside the lines in a drafted layout: their columns, and the keys on which they join.

use std::fmt::Write as _;

use super::{in_comment, list, named};
use crate::intake::Role;
use crate::intake::suggest::Look;
use crate::intake::suggest::beside::Beside;

/// What a join key is called: by the role, since each file has its own.
fn key_name(other: &Beside) -> String {
    format!("{}_key", other.role)
}

/// The keys of the lines.
pub(super) fn keys(look: &Look, others: &[Beside]) -> String {
    let mut text = String::new();
    for other in others {
        let Some(key) = other.key.filter(|_| other.joins()) else { continue };
        if text.is_empty() {
            text.push_str(
                "\n[keys]                                   # columns of the lines on which other files join\n",
            );
        }
        let name = list([&look.header[key.lines]]);
        let _ = writeln!(text, "{:<16} = {name:<24} # {}", key_name(other), in_comment(&key.in_words()));
    }
    text
}

/// The files, each with its columns and its join.
pub(super) fn companions(others: &[Beside]) -> String {
    others.iter().map(companion).collect()
}

fn companion(other: &Beside) -> String {
    let mut text = String::new();
    let (role, look) = (other.role, &other.look);
    let (Some(key), None) = (other.key, other.missing()) else {
        let why = other.missing().unwrap_or_default();
        let _ = writeln!(text, "\n# FILL IN: nothing joins the file {role}=: {why}.");
        let _ = writeln!(text, "# `ivig-audit layouts show epic-orders` shows how a [[companion]] is written.");
        return text;
    };
    let needed = role == Role::Diagnoses;
    let name = key_name(other);
    let _ = writeln!(text, "\n[[companion]]\nrole    = \"{role}\"\nlabel   = \"the file given as {role}, as drafted\"");
    let _ = writeln!(text, "needed  = {needed}");
    let header = list([&look.header[key.own]]);
    let _ = writeln!(text, "keys    = {{ {name} = {header} }}      # {}", in_comment(&key.in_words()));
    text.push_str("[companion.columns]\n");
    for (column, value, reason) in named(look) {
        let _ = writeln!(text, "{:<16} = {value:<24} # {reason}", column.as_str());
    }
    let unused: Vec<usize> = look.unused().filter(|field| *field != key.own).collect();
    if !unused.is_empty() {
        text.push_str("# Not used:\n");
    }
    for field in unused {
        let _ = writeln!(text, "#   {}: {}", in_comment(&look.header[field]), look.cells[field].in_words());
    }
    let _ = writeln!(text, "[[companion.join]]\non = [\"{name}\"]");
    text
}
