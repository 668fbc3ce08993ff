//! Runs a case: every row from what happened before it, whatever the record answered.

use super::{
    assume::Grant,
    case::{self, Asks, Case, Row, Step},
    effects::{self, Changed},
    name::NODE,
    tree::{Fault, Read, Table, Wrong},
    world::{Ground, World, signer},
};
use domain::{
    act::{
        Act, Kind, Nature,
        floor::OutOfSight,
        log::{Countersign, DeadlineLapsed},
    },
    id::PersonId,
    outcome::{Outcome, Reason},
    state::DeadlineOf,
    time::Millis,
    words::{Account, Learnt, Sure},
};
use protocol::{Protocol, Severity};

/// One statement of a row with its answer.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent questions that printing and counting ask"
)]
#[derive(Clone, Debug)]
pub(super) struct Done {
    pub(super) kind: Kind,
    /// The role of who signed.
    pub(super) by: String,
    pub(super) version: Option<String>,
    /// The version from which the replay goes on.
    pub(super) goes_on: bool,
    pub(super) dispute: Option<String>,
    /// It counts for the row: neither assumed nor part of the set-up.
    pub(super) counts: bool,
    pub(super) asks: bool,
    pub(super) note: Option<String>,
    pub(super) outcome: Outcome,
    /// Refused by a hard stop of a pack or by the record itself.
    pub(super) hard: bool,
    pub(super) changed: Changed,
}

/// A row with everything that came of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) done: Vec<Done>,
    /// What lapsed later that a statement of this row had opened, or while the clock went to this row.
    pub(super) lapsed: Vec<(Option<String>, Changed)>,
    /// Words on the board before the row's first statement.
    pub(super) board: Vec<String>,
}

/// Runs the whole case.
///
/// # Errors
/// A step whose body cannot be made after all, with its line.
pub(super) fn all(case: &Case, protocol: &Protocol) -> Result<Vec<Told>, Fault> {
    let mut runner = Runner::new(case, protocol)?;
    while runner.next_row()? {}
    Ok(runner.told)
}

/// A case on its way.
pub struct Runner<'a> {
    ground: Ground<'a>,
    world: World,
    told: Vec<Told>,
    next: usize,
    /// Disputes already run: their steps stand in several rows.
    settled: Vec<String>,
}

impl<'a> Runner<'a> {
    /// The log is open and everything declared is in it; no row has run.
    ///
    /// # Errors
    /// A table that cannot be entered, with its line.
    pub fn new(case: &'a Case, protocol: &'a Protocol) -> Result<Self, Fault> {
        let ground = Ground { case, protocol };
        let mut world = World::new(case.begins);
        let begun = world
            .open(ground)
            .and_then(|()| world.join(ground, case.begins));
        begun.map_err(|wrong| fault(case, wrong))?;
        let told = vec![Told::default(); case.rows.len()];
        Ok(Self {
            ground,
            world,
            told,
            next: 0,
            settled: Vec::new(),
        })
    }

    /// Runs one more row; false when there is none.
    ///
    /// # Errors
    /// A step whose body cannot be made.
    pub fn next_row(&mut self) -> Result<bool, Fault> {
        let Some(row) = self.ground.case.rows.get(self.next) else {
            return Ok(false);
        };
        let place = self.next;
        self.next += 1;
        self.row(place, row)
            .map_err(|wrong| fault(self.ground.case, wrong))?;
        Ok(true)
    }

    /// Runs rows up to and without the first that happened at or after `at`, then lets the clock run to `at`.
    ///
    /// # Errors
    /// As [`Runner::next_row`]; a time that is none.
    pub fn run_until(&mut self, at: &str) -> Result<(), Fault> {
        let node = super::tree::Node::text_at(0, at);
        let at = self
            .ground
            .case
            .zone
            .when(&node, None)
            .map_err(|wrong| fault(self.ground.case, wrong))?
            .ms;
        while self
            .ground
            .case
            .rows
            .get(self.next)
            .is_some_and(|row| row.when.ms < at)
        {
            self.next_row()?;
        }
        let place = self.next.min(self.told.len().saturating_sub(1));
        self.advance(at, place, None)
            .map_err(|wrong| fault(self.ground.case, wrong))
    }

    /// What the record would answer now to a request that `by` would make; leaves nothing.
    ///
    /// # Errors
    /// A kind, name or field that does not exist.
    pub fn ask(&self, by: &str, kind: &str, say: &str) -> Result<Outcome, Fault> {
        let text = format!("say = {say}");
        let asked = super::tree::parse(&text).and_then(|table| {
            let kind = Kind::from_stored(kind)
                .ok_or_else(|| Wrong::new(1, format!("no kind `{kind}`")))?;
            let say = table
                .get("say")
                .ok_or_else(|| Wrong::new(1, "nothing said"))?
                .table("say")?
                .clone();
            let mut world = self.world.clone();
            let act = world.make(self.ground, kind, "asked", &say, None, 1)?;
            put_on(&mut world, self.ground, &act);
            let act = world.make(self.ground, kind, "asked", &say, None, 1)?;
            let (person, key) = signer(self.ground.case, by);
            let at = world.clock;
            Ok(world.enter(
                self.ground,
                person,
                key,
                self.ground.case.names.id("asked"),
                act,
                at,
            ))
        });
        asked.map_err(|wrong| fault(self.ground.case, wrong))
    }

    /// The days on which the case holds a session, up to the row reached; as `2021-10-16`.
    pub fn days(&self) -> Vec<String> {
        self.ground
            .case
            .days
            .iter()
            .map(|day| day.date.to_string())
            .collect()
    }

    fn row(&mut self, place: usize, row: &'a Row) -> Read<()> {
        if row.steps.is_empty() {
            return Ok(());
        }
        self.advance(row.when.ms, place, None)?;
        let board = effects::board(&self.world.state, self.world.clock);
        self.told(place).board = board;
        for step in &row.steps {
            match &step.version {
                None => self.step(place, row, step)?,
                Some(_) => self.dispute(row, step)?,
            }
        }
        if row.harm {
            self.world.over = true;
        }
        Ok(())
    }

    /// Each version of the dispute from the same record; then on from the one that is marked.
    fn dispute(&mut self, row: &Row, step: &Step) -> Read<()> {
        let name = step
            .dispute
            .clone()
            .unwrap_or_else(|| format!("row {}", row.label));
        if self.settled.contains(&name) {
            return Ok(());
        }
        self.settled.push(name.clone());
        let case = self.ground.case;
        let steps: Vec<(usize, &Row, &Step)> = case
            .rows
            .iter()
            .enumerate()
            .flat_map(|(place, row)| row.steps.iter().map(move |step| (place, row, step)))
            .filter(|(_, row, step)| {
                step.version.is_some()
                    && step
                        .dispute
                        .clone()
                        .unwrap_or_else(|| format!("row {}", row.label))
                        == name
            })
            .collect();
        let versions: Vec<&str> = steps
            .iter()
            .filter_map(|(_, _, step)| step.version.as_deref())
            .collect();
        let before = self.world.clone();
        let mut after = None;
        for version in case::distinct(&versions) {
            self.world = before.clone();
            let own: Vec<_> = steps
                .iter()
                .filter(|(_, _, step)| step.version.as_deref() == Some(version))
                .collect();
            let goes_on = own.iter().any(|(_, _, step)| step.goes_on);
            for (place, row, step) in own {
                self.step(*place, row, step)?;
                if let Some(done) = self.told(*place).done.last_mut() {
                    done.dispute = Some(name.clone());
                    done.goes_on = goes_on;
                }
            }
            if goes_on {
                after = Some(self.world.clone());
            }
        }
        self.world = after.unwrap_or(before);
        Ok(())
    }

    fn step(&mut self, place: usize, row: &Row, step: &Step) -> Read<()> {
        self.advance(step.when.ms, place, step.version.as_deref())?;
        let done = match step.asks {
            None => self.act(place, row, step)?,
            Some(asks) => {
                let kept = self.world.clone();
                if asks == Asks::OnAWorkingDay {
                    self.working_day(step)?;
                }
                let mut done = self.act(place, row, step)?;
                // Asked and not done: nothing stays.
                done.changed = Changed::default();
                self.world = kept;
                done
            }
        };
        self.told(place).done.push(done);
        Ok(())
    }

    /// Enters the step, its countersigns, and what a refusal leaves behind.
    fn act(&mut self, place: usize, row: &Row, step: &Step) -> Read<Done> {
        let ground = self.ground;
        let act = self.world.act(ground, step, row)?;
        put_on(&mut self.world, ground, &act);
        let act = self.world.act(ground, step, row)?;
        for name in core::iter::once(&step.by).chain(&step.countersigned_by) {
            let person = PersonId::from(signer(ground.case, name).0);
            if name != NODE && !self.world.state.people.contains_key(&person) {
                return Err(Wrong::new(
                    step.line,
                    format!(
                        "`{name}` signs here and is not enrolled: see `enrolled` and `from_day` of the table"
                    ),
                ));
            }
        }
        let before = self.world.state.clone();
        let id = match &step.own {
            Some(own) => ground.case.names.id(own),
            None => ground
                .case
                .names
                .id(&format!("the step in line {}", step.line)),
        };
        let (by, key) = signer(ground.case, &step.by);
        let outcome = self
            .world
            .enter(ground, by, key, id, act.clone(), step.when.ms);
        self.world.rows.insert(id, place);
        for owed in &outcome.owed {
            self.world
                .owing
                .insert((owed.reason.code.clone(), owed.weapon), place);
        }
        for second in &step.countersigned_by {
            let (by, key) = signer(ground.case, second);
            let of = ground.case.names.id(&format!(
                "the countersign in line {} by {second}",
                step.line
            ));
            let at = self.world.clock;
            self.world.enter(
                ground,
                by,
                key,
                of,
                Act::Countersign(Countersign { of: id }),
                at,
            );
        }
        if !outcome.admitted {
            self.happened_anyway(&step.by, &act);
        }
        let mut changed =
            effects::between(ground.case, &before, &self.world.state, self.world.clock);
        if step.asks.is_none() {
            let declared = step
                .own
                .as_ref()
                .and_then(|own| ground.case.declared.iter().find(|one| one.name == *own));
            let nothing = Table::default();
            let before = self.world.state.clone();
            let at = self.world.clock;
            self.world.after_receipt(
                ground,
                declared.map_or(&nothing, |one| &one.table),
                id,
                &act,
                at,
            )?;
            changed.add(
                effects::between(ground.case, &before, &self.world.state, self.world.clock)
                    .assumed(),
            );
        }
        let role = if step.by == NODE {
            "the node".to_owned()
        } else {
            self.world.state.role(by.into()).to_owned()
        };
        Ok(Done {
            kind: step.kind,
            by: role,
            version: step.version.clone(),
            goes_on: step.version.is_none(),
            dispute: None,
            counts: !step.assumed,
            asks: step.asks.is_some(),
            note: step.note.clone(),
            hard: outcome
                .reasons
                .iter()
                .any(|reason| is_hard(ground.protocol, reason)),
            outcome,
            changed,
        })
    }

    /// What the record cannot know from a refused request and has to be told: `apply` itself makes the weapon or
    /// carrier of a refused load, take-out, hand-over or filling unknown; the lot that rounds were taken from all the
    /// same lay open.
    fn happened_anyway(&mut self, by: &str, act: &Act) {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "three kinds take rounds; a new one says so here"
        )]
        let lot = match act {
            Act::DrawRounds(body) => body.lot,
            Act::LoadWeapon(body) => body.lot,
            Act::FillCarrier(body) => body.lot,
            _ => return,
        };
        if self.world.state.lots.contains_key(&lot) {
            let account = Account {
                happened_at: Some(self.world.clock),
                learnt: Learnt::Infers,
                sure: Sure::Sure,
            };
            let out = OutOfSight {
                weapons: Vec::new(),
                lots: vec![lot],
                account,
            };
            let at = self.world.clock;
            self.world.assume(self.ground, by, Act::OutOfSight(out), at);
        }
    }

    /// A day that begins now, as the case would assume any.
    fn working_day(&mut self, step: &Step) -> Read<()> {
        let opens = self.world.clock;
        let date = jiff::Timestamp::from_millisecond(opens)
            .unwrap_or_default()
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date();
        let day = case::Day {
            date,
            opens,
            closes: opens + super::when::DAY,
            table: super::tree::Table::default(),
            line: step.line,
        };
        self.world.open_day(self.ground, &day)
    }

    /// Lets the clock run: days open and close, things join, custodians keep weapons in sight, deadlines lapse.
    fn advance(&mut self, to: Millis, place: usize, version: Option<&str>) -> Read<()> {
        let ground = self.ground;
        loop {
            let world = &self.world;
            let day = ground.case.days.get(world.next_day).filter(|_| !world.over);
            let opens = day.map(|day| day.opens);
            let closes = world.closes.filter(|_| !world.over);
            let joins = world.next_join(ground);
            let touch = world.next_touch().filter(|_| {
                !world.over && closes.is_some() && ground.case.assume.grants(Grant::EyesOn)
            });
            let lapse = world
                .state
                .deadlines
                .iter()
                .map(|deadline| deadline.until)
                .min();
            let owed = world.next_owed();
            let next = [joins, closes, opens, touch, lapse, owed]
                .into_iter()
                .flatten()
                .min();
            let Some(at) = next.filter(|at| *at <= to) else {
                return Ok(());
            };
            if joins == Some(at) {
                self.world.join(ground, at.max(self.world.clock))?;
            } else if closes == Some(at) {
                self.world.close_day(ground, at);
            } else if let Some(day) = day.filter(|day| day.opens == at) {
                self.world.next_day += 1;
                self.world.open_day(ground, day)?;
            } else if touch == Some(at) {
                self.world.touch(ground, at);
            } else if owed == Some(at) {
                self.owed_over(at, place, version);
            } else {
                self.lapse(at, place, version);
            }
        }
    }

    /// Enters what has lapsed, under the node's key.
    fn lapse(&mut self, at: Millis, place: usize, version: Option<&str>) {
        for of in self.world.state.lapsed(at) {
            let what = self
                .world
                .state
                .deadlines
                .iter()
                .find(|deadline| deadline.of == of)
                .map(|deadline| deadline.what.clone());
            let before = self.world.state.clone();
            self.world.assume(
                self.ground,
                NODE,
                Act::NodeDeadlineLapsed(DeadlineLapsed { of }),
                at,
            );
            let case = self.ground.case;
            let mut changed = Changed::default();
            changed.alarm(format!(
                "{}: DEADLINE LAPSED: {}",
                case.zone.show(at),
                lapsed_says(&before, what.as_ref())
            ));
            changed.add(effects::between(
                case,
                &before,
                &self.world.state,
                self.world.clock,
            ));
            let row = self.world.rows.get(&of).copied().unwrap_or(place);
            self.told(row)
                .lapsed
                .push((version.map(str::to_owned), changed));
        }
    }

    /// An owed item begins to refuse.
    fn owed_over(&mut self, at: Millis, place: usize, version: Option<&str>) {
        let mut over: Vec<(usize, String)> = self
            .world
            .state
            .owed
            .iter()
            .filter(|item| item.until == at)
            .map(|item| {
                let row = self
                    .world
                    .owing
                    .get(&(item.reason.code.clone(), item.weapon))
                    .copied();
                (
                    row.unwrap_or(place),
                    effects::owed_says(&self.world.state, item),
                )
            })
            .collect();
        // One rule may owe at two gates of one request.
        over.sort();
        over.dedup();
        self.world.owed_seen = at;
        for (row, says) in over {
            let mut changed = Changed::default();
            changed.alarm(format!(
                "{}: OWED AND NOT DONE, refuses from now on: {says}",
                self.ground.case.zone.show(at)
            ));
            self.told(row)
                .lapsed
                .push((version.map(str::to_owned), changed));
        }
    }

    #[expect(clippy::indexing_slicing, reason = "one for each row, made in `new`")]
    fn told(&mut self, place: usize) -> &mut Told {
        &mut self.told[place]
    }
}

fn lapsed_says(state: &domain::State, what: Option<&DeadlineOf>) -> String {
    match what {
        Some(DeadlineOf::Back(weapon)) => format!(
            "tag {} is not back and nobody has touched it",
            state.tag(*weapon)
        ),
        Some(DeadlineOf::AllWell(_)) => "nobody said that all are well after the shots".to_owned(),
        Some(DeadlineOf::Arrival(_)) => "nobody said that what was sent away arrived".to_owned(),
        Some(DeadlineOf::Concern(_)) => "nobody answered the concern".to_owned(),
        Some(DeadlineOf::Secured(_, place)) => {
            format!("nobody said that this is secured: {}", place.as_str())
        }
        None => "nothing was entered".to_owned(),
    }
}

/// The action that a request names is put on before it, where that is granted.
fn put_on(world: &mut World, ground: Ground<'_>, act: &Act) {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "three requests name their action"
    )]
    let action = match act {
        Act::TakeOut(body) => body.action,
        Act::IssueBatch(body) => body.action,
        Act::Begin(body) => body.action,
        _ => return,
    };
    let at = world.clock;
    world.put_on(ground, action, at);
}

/// A rule that only asks for an item refuses once the item is overdue; that is no hard stop.
fn is_hard(protocol: &Protocol, reason: &Reason) -> bool {
    protocol
        .rule(&reason.code)
        .is_none_or(|rule| rule.severity == Severity::HardStop)
}

impl Done {
    /// Request or report.
    pub(super) fn is_request(&self) -> bool {
        self.kind.nature() == Nature::Request
    }

    pub(super) fn refused(&self) -> bool {
        !self.outcome.admitted
    }
}

fn fault(case: &Case, wrong: Wrong) -> Fault {
    Fault {
        file: case.file.clone(),
        line: wrong.line,
        says: wrong.says,
    }
}
