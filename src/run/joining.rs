//! Reading an export of several files: lines first, then each companion once, then the kept lines beside them.

use std::collections::BTreeMap;

use super::account::KeptAccount;
use super::audit::Plan;
use super::error::RunError;
use super::inputs::{Input, OpenInput, Watch, open_input};
use super::open::{OpenedCompanion, OpenedExport, given_roles, unusable};
use super::reading::{ReadFile, Writers, read_error};
use super::settings::Settings;
use crate::intake::join::{Joins, LineBinding, Outcome};
use crate::intake::{Decoder, Layout, Role};
use crate::manifest;
use crate::scan::{Beside, CompanionFile, Export, Job, KeptLine, Shape, Sought, assess_kept, want};

/// A file of lines that was read, and what is kept of it.
struct ReadLines<'p> {
    input: &'p Input,
    shape: Shape,
    keys: LineBinding,
    kept: Vec<KeptLine>,
    watch: Watch,
}

/// How many orders tell that a key is wrong when none finds a record. A few may be without one in a good export.
const LOOKERS_TO_TELL: u64 = 10;

/// One run over the files of one export.
struct Reading<'r, 'w, 'p> {
    settings: &'r Settings,
    plan: &'p Plan,
    layout: &'r Layout,
    writers: &'r mut Writers<'w>,
    progress: &'r mut (dyn FnMut(u64) + Send),
    /// Bytes of the files that were read.
    done: u64,
    read: BTreeMap<usize, manifest::Input>,
}

/// Reads all files of an export and says what they were, in the order given.
pub(super) fn scan_joined(
    settings: &Settings,
    plan: &Plan,
    opened: OpenedExport,
    writers: &mut Writers<'_>,
    layouts: &mut BTreeMap<String, String>,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Vec<manifest::Input>, RunError> {
    let OpenedExport { layout, first, watch, companions } = opened;
    layouts.insert(layout.id.clone(), layout.digest.clone());
    let mut joins = Joins::new(&layout);
    let companions = bind(&mut joins, companions)?;
    let mut reading = Reading { settings, plan, layout: &layout, writers, progress, done: 0, read: BTreeMap::new() };
    let lines = reading.lines(&mut joins, (first, watch))?;
    reading.companions(&mut joins, companions, &lines)?;
    reading.assess(&joins, &lines)?;
    Ok(reading.read.into_values().collect())
}

/// Ties every companion file to the layout before a record is read, so that a wrong one is known at once.
pub(super) fn bind(joins: &mut Joins<'_>, companions: Vec<OpenedCompanion>) -> Result<Vec<BoundCompanion>, RunError> {
    let mut bound = Vec::new();
    for OpenedCompanion { number, role, name, head, watch } in companions {
        let file = CompanionFile::bind(head, joins, role).map_err(|error| unusable(&name, error))?;
        joins.give(&file.binding);
        bound.push(BoundCompanion { number, name, file, watch });
    }
    Ok(bound)
}

/// A companion file tied to its header.
pub(super) struct BoundCompanion {
    number: usize,
    pub name: String,
    pub file: CompanionFile<OpenInput>,
    watch: Watch,
}

/// Under which word the manifest counts a companion.
fn word(layout: &Layout, companion: usize) -> String {
    let declared = &layout.companions[companion];
    if declared.again { format!("{}-again", declared.role) } else { declared.role.to_string() }
}

impl<'p> Reading<'_, '_, 'p> {
    /// The first pass: all lines, of which those in scope are kept.
    fn lines(
        &mut self,
        joins: &mut Joins<'_>,
        first: (Export<OpenInput>, Watch),
    ) -> Result<Vec<ReadLines<'p>>, RunError> {
        let mut first = Some(first);
        let mut kept = KeptAccount::default();
        let mut read = Vec::new();
        let plan = self.plan;
        for (number, input) in plan.inputs.iter().enumerate().filter(|(_, input)| input.role == Role::Lines) {
            let (export, watch) = if let Some(first) = first.take() {
                first
            } else {
                let only = std::slice::from_ref(self.layout);
                let opened = open_input(input, only)?;
                let (watch, access) = (opened.watch(), opened.access());
                let export = Export::open_beside(opened, only, &given_roles(&plan.inputs));
                (export.map_err(|error| unusable(&input.name, error))?.with_access(access), watch)
            };
            read.push(self.lines_of(joins, number, input, export, watch, &mut kept)?);
        }
        self.writers.account().kept = Some(kept);
        Ok(read)
    }

    fn lines_of(
        &mut self,
        joins: &mut Joins<'_>,
        number: usize,
        input: &'p Input,
        export: Export<OpenInput>,
        watch: Watch,
        account: &mut KeptAccount,
    ) -> Result<ReadLines<'p>, RunError> {
        let keys = joins.bind_lines(&export.binding.header);
        for (companion, _) in self.layout.companions.iter().enumerate().filter(|(_, companion)| companion.again) {
            let again = joins.bind_again(companion, &export.binding.header);
            joins.give(&again.map_err(|error| unusable(&input.name, error))?);
        }
        if let Some(why) = joins.unjoinable(&keys) {
            return Err(unusable(&input.name, why));
        }
        let words = export.dialect_in_words();
        let (layout, binding, dialect) = (export.layout.clone(), export.binding.clone(), export.dialect.clone());
        let shape = Shape { layout, binding, dialect };
        let (done, progress, receipt) = (self.done, &mut *self.progress, watch.receipt.clone());
        let mut kept = Vec::new();
        let before = self.writers.account().tally.records();
        let writers = &mut *self.writers;
        let pace = self.settings.pace;
        let extent = export
            .keep(
                &self.plan.rulebook,
                self.plan.as_of,
                pace,
                |_| progress(done + receipt.bytes()),
                |chunk| {
                    account.records += chunk.lines.len() as u64;
                    account.orders += chunk.orders;
                    kept.extend(chunk.lines);
                    writers.count(&input.name, &chunk.others.rejected, &chunk.others.tally)
                },
            )
            .map_err(|error| read_error(&input.name, error))?;
        self.done += watch.receipt.bytes();
        let account = self.writers.account();
        account.lines = account.lines + extent.lines;
        account.lines_seen += extent.seen;
        let records = account.tally.records() - before + kept.len() as u64;
        let layout = &self.layout.id;
        let lines = extent.seen;
        let file = ReadFile { name: &input.name, role: Role::Lines, dialect: &words, layout, records, lines };
        self.read.insert(number, file.entry(&watch)?);
        kept.shrink_to_fit();
        Ok(ReadLines { input, shape, keys, kept, watch })
    }

    /// Each companion in the layout's order, since the keys of one may stand in another.
    fn companions(
        &mut self,
        joins: &mut Joins<'_>,
        files: Vec<BoundCompanion>,
        lines: &[ReadLines<'_>],
    ) -> Result<(), RunError> {
        let mut files: Vec<Option<BoundCompanion>> = files.into_iter().map(Some).collect();
        for (companion, declared) in self.layout.companions.iter().enumerate() {
            for file in lines {
                want(joins, companion, &file.shape.dialect, &file.keys, &file.kept);
            }
            if declared.again && joins.wants(companion) {
                for file in lines {
                    self.read_again(joins, companion, file)?;
                }
            }
            let own = |file: &Option<BoundCompanion>| {
                file.as_ref().is_some_and(|file| file.file.binding.companion == companion)
            };
            let own: Vec<BoundCompanion> = files.iter_mut().filter(|file| own(file)).filter_map(Option::take).collect();
            for file in own {
                self.companion(joins, file)?;
            }
        }
        Ok(())
    }

    /// Reads one file of a companion.
    fn companion(&mut self, joins: &mut Joins<'_>, bound: BoundCompanion) -> Result<(), RunError> {
        let BoundCompanion { number, name, file, watch } = bound;
        let (companion, words) = (file.binding.companion, file.dialect_in_words());
        let (done, progress, receipt) = (self.done, &mut *self.progress, watch.receipt.clone());
        let writers = &mut *self.writers;
        let seen = |_| progress(done + receipt.bytes());
        let (tally, extent) = file
            .scan(joins, self.settings.pace, seen, |rejected| writers.reject(&name, &rejected))
            .map_err(|error| read_error(&name, error))?;
        self.done += watch.receipt.bytes();
        let role = self.layout.companions[companion].role;
        let account = self.writers.account().companions.entry(word(self.layout, companion)).or_default();
        account.files += 1;
        account.tally.add(&tally);
        account.lines = account.lines + extent.lines;
        account.lines_seen += extent.seen;
        let layout = &self.layout.id;
        let (records, lines) = (extent.lines.all_records(), extent.seen);
        let file = ReadFile { name: &name, role, dialect: &words, layout, records, lines };
        self.read.insert(number, file.entry(&watch)?);
        Ok(())
    }

    /// Reads a file of lines a second time, as a companion of all lines.
    fn read_again(&mut self, joins: &mut Joins<'_>, companion: usize, file: &ReadLines<'_>) -> Result<(), RunError> {
        let name = &file.input.name;
        if !file.watch.is_file() {
            return Err(unusable(
                name,
                format!(
                    "layout `{}` reads the lines twice, since some lines lack what others say; standard input and pipes can be \
                     read once. Give a file",
                    self.layout.id
                ),
            ));
        }
        let only = std::slice::from_ref(self.layout);
        let opened = open_input(file.input, only)?;
        let (receipt, access) = (opened.watch().receipt, opened.access());
        let export = Export::open_beside(opened, only, &given_roles(&self.plan.inputs));
        let export = export.map_err(|error| unusable(name, error))?.with_access(access);
        let binding = joins.bind_again(companion, &export.binding.header).map_err(|error| unusable(name, error))?;
        let (tally, extent) = CompanionFile::again(export, binding)
            .scan(joins, self.settings.pace, |_| {}, |_| Ok(()))
            .map_err(|error| read_error(name, error))?;
        if receipt.blake3() != file.watch.receipt.blake3() || !file.watch.unchanged() {
            return Err(RunError::InputChanged(name.clone()));
        }
        let account = self.writers.account().companions.entry(word(self.layout, companion)).or_default();
        account.again = true;
        account.files += 1;
        account.tally.add(&tally);
        account.lines = account.lines + extent.lines;
        account.lines_seen += extent.seen;
        Ok(())
    }

    /// The last pass: the kept lines, each beside what the companions hold for it.
    fn assess(&mut self, joins: &Joins<'_>, lines: &[ReadLines<'_>]) -> Result<(), RunError> {
        let mut sought = Sought::default();
        for file in lines {
            let job = Job {
                rulebook: &self.plan.rulebook,
                decoder: Decoder::new(self.layout, &file.shape.binding, self.plan.as_of),
                dialect: &file.shape.dialect,
                source_file: &file.input.name,
                beside: Some(Beside { joins, lines: &file.keys }),
            };
            let writers = &mut *self.writers;
            assess_kept(job, &file.kept, self.settings.pace, |batch| {
                sought.merge(&batch.sought);
                writers.take(&file.input.name, batch)
            })
            .map_err(|error| read_error(&file.input.name, error))?;
        }
        self.count_sought(&sought)
    }

    /// Takes the outcomes into the account. A companion in which no line finds anything was joined on a wrong key, and an
    /// audit without it would be wrong for every order; an order without an authorization is as it may be.
    fn count_sought(&mut self, sought: &Sought) -> Result<(), RunError> {
        for (companion, declared) in self.layout.companions.iter().enumerate() {
            let word = word(self.layout, companion);
            let Some(account) = self.writers.account().companions.get_mut(&word) else { continue };
            let of = |outcome| sought.of(companion, outcome);
            let counts = &mut account.sought;
            counts.found += of(Outcome::Found);
            counts.missing += of(Outcome::Missing);
            counts.without_key += of(Outcome::NoKey);
            counts.disagree += of(Outcome::Disagrees);
            counts.not_sought += of(Outcome::NotSought);
            let lookers = counts.missing + counts.without_key;
            let fits = counts.found + counts.disagree > 0 || lookers < LOOKERS_TO_TELL;
            if !fits && !declared.again && declared.role != Role::Authorizations {
                let keys: Vec<String> = declared.joins.iter().map(|join| join.on.join(" and ")).collect();
                return Err(unusable(
                    &word,
                    format!(
                        "none of {lookers} orders finds a record in the files given as `{word}`: the keys do not fit. \
                         Layout `{}` joins them by {}; {} orders have that key empty. Are the files of the same export?",
                        self.layout.id,
                        keys.join(", or by "),
                        counts.without_key
                    ),
                ));
            }
        }
        Ok(())
    }
}
