//! The figures of prescribers and of sites.

use super::{Figure, such};
use crate::summary::{Measures, OTHERS, Partition, Peer, Peers, Summary, is_compared};

/// Those who are compared, by the words in the ids of their figures.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct PeerIds {
    /// One of them, as the column of their partition is named.
    pub one: &'static str,
    /// All of them, as the partition is named.
    pub all: &'static str,
}

pub(in crate::report) const PRESCRIBERS: PeerIds = PeerIds { one: "prescriber", all: "prescribers" };
pub(in crate::report) const SITES: PeerIds = PeerIds { one: "site", all: "sites" };

impl PeerIds {
    /// The denominator of all.
    pub fn compared(self) -> String {
        format!("{}/compared", self.all)
    }

    /// The numerator of all.
    pub fn flagged(self) -> String {
        format!("{}/flagged", self.all)
    }

    /// The denominator of those that are not listed.
    pub fn others(self) -> String {
        format!("by_{}/others", self.one)
    }

    /// Orders that name nobody.
    pub fn without_id(self) -> String {
        format!("by_{}/without_id", self.one)
    }

    /// The denominator of one that is listed.
    pub fn of(self, peer: &Peer) -> String {
        format!("by_{}/{}", self.one, peer.number)
    }

    /// Its flagged orders.
    pub fn flagged_of(self, peer: &Peer) -> String {
        format!("by_{}_and_flag/{}/flagged", self.one, peer.number)
    }

    /// The orders of its denominator that are not flagged.
    pub fn not_flagged_of(self, peer: &Peer) -> String {
        format!("by_{}_and_flag/{}/not_flagged", self.one, peer.number)
    }

    /// The same orders, with the patients none of whose orders is flagged: patients less those with a flagged order, which
    /// a reader has who is shown both.
    pub fn never_flagged_of(self, peer: &Peer) -> String {
        format!("by_{}_never_flagged/{}", self.one, peer.number)
    }
}

pub(super) fn figures(summary: &Summary) -> Vec<Figure> {
    let mut all = of(summary, &summary.prescribers, PRESCRIBERS);
    all.extend(of(summary, &summary.sites, SITES));
    all
}

fn of(summary: &Summary, peers: &Peers, ids: PeerIds) -> Vec<Figure> {
    let figure = |id: String, measures: Measures, whose: &dyn Fn(&str) -> bool, flagged: Option<bool>| {
        let is_asked = |partition: &Partition, cell: usize| {
            let value = |column| partition.value(cell, column).unwrap_or_default();
            let (determination, flag) = (value("determination"), value("flag"));
            whose(value(ids.one))
                && is_compared(determination, flag)
                && flagged.is_none_or(|wanted| wanted == (flag == "flagged"))
        };
        such(summary, ids.all, id, is_asked, measures)
    };
    let anybody = |name: &str| !name.is_empty();
    let mut all = vec![
        figure(ids.compared(), peers.compared, &anybody, None),
        figure(ids.flagged(), peers.flagged, &anybody, Some(true)),
        figure(ids.without_id(), peers.without_id, &str::is_empty, None),
        figure(ids.others(), peers.others, &|name| name == OTHERS, None),
    ];
    for peer in &peers.listed {
        let number = peer.number.to_string();
        let itself = |name: &str| name == number;
        let never = Measures { patients: peer.patients_never_flagged(), ..peer.not_flagged };
        all.extend([
            figure(ids.of(peer), peer.compared, &itself, None),
            figure(ids.flagged_of(peer), peer.flagged, &itself, Some(true)),
            figure(ids.not_flagged_of(peer), peer.not_flagged, &itself, Some(false)),
            figure(ids.never_flagged_of(peer), never, &itself, Some(false)),
        ]);
    }
    all
}
