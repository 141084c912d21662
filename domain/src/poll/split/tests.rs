use std::collections::{HashMap, HashSet};

use proptest::prelude::*;
use uuid::Uuid;

use super::{
    super::{QuestionKind, fixture},
    *,
};

fn question() -> Question {
    fixture::question(QuestionKind::Single)
}

fn options(count: u128) -> Vec<PollOption> {
    (0..count).map(fixture::option).collect()
}

/// A part of so many ballots, all for the first option.
fn part(channel: Channel, assurance: Assurance, ballots: i64) -> Part {
    Part {
        head: Head {
            voter_count: ballots,
            ..Head::default()
        },
        counts: vec![(OptionId(Uuid::from_u128(0)), 1, ballots)],
        ..Part::new(channel, assurance)
    }
}

const CHANNELS: [Channel; 5] = [
    Channel::Site,
    Channel::Embed,
    Channel::Room,
    Channel::Paper,
    Channel::Import,
];
const ASSURANCES: [Assurance; 3] = [Assurance::Open, Assurance::Device, Assurance::Account];

#[test]
fn small_groups_are_held_back_and_cannot_be_worked_out() {
    for (sizes, shown) in [
        (vec![], vec![]),
        (vec![5], vec![true]),
        (vec![4], vec![false]),
        (vec![9, 5], vec![true, true]),
        // Alone, the 2 would be the whole less the 9.
        (vec![9, 2], vec![false, false]),
        (vec![9, 2, 30], vec![false, false, true]),
        (vec![9, 2, 3, 30], vec![true, false, false, true]),
        (vec![1, 1, 1], vec![false, false, false]),
        (vec![1, 1, 1, 6, 5], vec![false, false, false, true, false]),
        // Either 5 could be held with the 4, and which of them it is would tell them apart.
        (vec![5, 5, 4], vec![false, false, false]),
    ] {
        let channels = CHANNELS.into_iter().zip(&sizes);
        let parts: Vec<Part> = channels
            .map(|(channel, size)| part(channel, Assurance::Device, *size))
            .collect();
        let public = PublicGroups::of(&parts);
        let found = CHANNELS.iter().take(sizes.len());
        let found: Vec<bool> = found.map(|one| public.channels.contains(one)).collect();
        assert_eq!(found, shown, "{sizes:?}");
    }
}

#[test]
fn the_two_splits_together_tell_nothing_of_a_small_group() {
    // By themselves, the channels 20 and 6 could be shown, and of the assurances the 17 beside
    // the 3, 3 and 3; but the site's 20 less the 17 are the votes of three accounts.
    let parts = [
        part(Channel::Site, Assurance::Device, 17),
        part(Channel::Site, Assurance::Account, 3),
        part(Channel::Embed, Assurance::Open, 3),
        part(Channel::Embed, Assurance::Partner, 3),
    ];
    let public = PublicGroups::of(&parts);
    let shows_site = public.channels.contains(&Channel::Site);
    let shows_devices = public.assurances.contains(&Assurance::Device);
    assert!(!(shows_site && shows_devices), "{public:?}");
    assert!(public != PublicGroups::default(), "what is safe is shown");
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    let channel = prop_oneof![
        Just(Channel::Site),
        Just(Channel::Embed),
        Just(Channel::Room)
    ];
    let assurance = prop_oneof![Just(Assurance::Device), Just(Assurance::Account)];
    let counts = prop::collection::vec(0_i64..9, 3);
    let part = (channel, assurance, counts, 0_i64..4);
    prop::collection::vec(part, 0..6).prop_map(|parts| {
        let mut seen = HashSet::new();
        parts
            .into_iter()
            .filter(|(channel, assurance, _, _)| seen.insert((*channel, *assurance)))
            .map(|(channel, assurance, counts, skips)| Part {
                head: Head {
                    voter_count: counts.iter().sum(),
                    skip_count: skips,
                    revision: 0,
                },
                counts: (0..)
                    .zip(counts)
                    .map(|(number, count)| (OptionId(Uuid::from_u128(number)), 1, count))
                    .collect(),
                ..Part::new(channel, assurance)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn groups_add_up_to_the_whole(parts in parts()) {
        let split = SplitCount::new(1, 7, parts.clone()).read(&question(), true, &options(3), true);
        let voters: i64 = parts.iter().map(|part| part.head.voter_count).sum();
        let skips: i64 = parts.iter().map(|part| part.head.skip_count).sum();
        let by_channel: Vec<_> = split.by_channel.into_iter().map(|(_, its)| its.unwrap()).collect();
        let by_assurance: Vec<_> = split.by_assurance.into_iter().map(|(_, its)| its.unwrap()).collect();
        for groups in [by_channel, by_assurance] {
            prop_assert_eq!(groups.iter().map(|its| its.voter_count).sum::<i64>(), voters);
            prop_assert_eq!(groups.iter().map(|its| its.skip_count).sum::<i64>(), skips);
            prop_assert!(groups.iter().all(|its| its.revision == 7));
            for option in 0..3 {
                let whole: i64 = parts.iter().map(|part| part.counts[option].2).sum();
                let sum: i64 = groups.iter().map(|its| its.options[option].voter_count).sum();
                prop_assert_eq!(sum, whole);
            }
        }
    }

    #[test]
    fn no_group_under_five_can_be_solved(table in table()) {
        let parts = table.parts();
        let public = PublicGroups::of(&parts);
        let groups = table.small_groups();
        let mut varies = vec![false; groups.len()];
        for measure in 0..MEASURES {
            let solver = Solver::new(&table, &public, measure);
            solver.each_table(&mut |found| {
                for (group, varies) in groups.iter().zip(&mut varies) {
                    let sum = |cells: &[i64]| group.iter().map(|cell| cells[*cell]).sum::<i64>();
                    *varies |= sum(found) != sum(&solver.cells);
                }
                !varies.iter().all(|varies| *varies)
            });
        }
        prop_assert!(varies.iter().all(|varies| *varies), "{groups:?} {public:?} {table:?}");
    }
}

/// Options, and skipping: what is published of every group.
const MEASURES: usize = 3;
/// Channels and assurances of a random table.
const SIDE: usize = 3;

/// The ballots of each channel and assurance by what they say.
#[derive(Debug, Clone)]
struct Table([[i64; MEASURES]; SIDE * SIDE]);

fn table() -> impl Strategy<Value = Table> {
    let cell = prop_oneof![
        Just([0; MEASURES]),
        prop::array::uniform3(0_i64..3),
        prop::array::uniform3(0_i64..5),
    ];
    prop::array::uniform9(cell).prop_map(Table)
}

impl Table {
    fn size(&self, cell: usize) -> i64 {
        self.0[cell].iter().sum()
    }

    fn parts(&self) -> Vec<Part> {
        let cells = (0..self.0.len()).filter(|cell| self.size(*cell) > 0);
        cells
            .map(|cell| {
                part(
                    CHANNELS[cell / SIDE],
                    ASSURANCES[cell % SIDE],
                    self.size(cell),
                )
            })
            .collect()
    }

    /// The cells of each channel, assurance, and both at once that holds fewer than five
    /// ballots, and not all there are.
    fn small_groups(&self) -> Vec<Vec<usize>> {
        let all: i64 = (0..self.0.len()).map(|cell| self.size(cell)).sum();
        let lines = (0..SIDE).flat_map(|line| {
            let row: Vec<usize> = (0..SIDE).map(|place| line * SIDE + place).collect();
            let column: Vec<usize> = (0..SIDE).map(|place| place * SIDE + line).collect();
            [row, column]
        });
        let cells = (0..self.0.len()).map(|cell| vec![cell]);
        let ballots = |group: &Vec<usize>| group.iter().map(|cell| self.size(*cell)).sum::<i64>();
        lines
            .chain(cells)
            .filter(|group| (1..SMALLEST).contains(&ballots(group)) && ballots(group) < all)
            // Of fewer than five in all, the results themselves say as much.
            .filter(|_| all >= SMALLEST)
            .collect()
    }
}

/// Looks for every table that agrees with what is published of one measure, by someone who even
/// knows which cells are empty.
struct Solver {
    cells: Vec<i64>,
    may_hold: Vec<bool>,
    rows: [Option<i64>; SIDE],
    columns: [Option<i64>; SIDE],
    total: i64,
}

impl Solver {
    fn new(table: &Table, public: &PublicGroups, measure: usize) -> Self {
        let cells: Vec<i64> = table.0.iter().map(|cell| cell[measure]).collect();
        let row = |row: usize| (0..SIDE).map(|place| cells[row * SIDE + place]).sum();
        let column = |column: usize| (0..SIDE).map(|place| cells[place * SIDE + column]).sum();
        let is_row = |row: usize| public.channels.contains(&CHANNELS[row]);
        let is_column = |column: usize| public.assurances.contains(&ASSURANCES[column]);
        Self {
            rows: std::array::from_fn(|place| is_row(place).then(|| row(place))),
            columns: std::array::from_fn(|place| is_column(place).then(|| column(place))),
            total: cells.iter().sum(),
            may_hold: (0..cells.len()).map(|cell| table.size(cell) > 0).collect(),
            cells,
        }
    }

    /// Calls `seen` with one table after the other until it gives `false`.
    fn each_table(&self, seen: &mut impl FnMut(&[i64]) -> bool) {
        self.fill(0, &mut vec![0; self.cells.len()], seen);
    }

    fn fill(
        &self,
        cell: usize,
        found: &mut Vec<i64>,
        seen: &mut impl FnMut(&[i64]) -> bool,
    ) -> bool {
        let sum = |cells: &mut dyn Iterator<Item = usize>, found: &[i64]| -> i64 {
            cells
                .filter(|place| *place < cell)
                .map(|place| found[place])
                .sum()
        };
        let left = self.total - sum(&mut (0..cell), found);
        if cell == self.cells.len() {
            let fits = |whole: &Option<i64>, line: &mut dyn Iterator<Item = usize>| {
                whole.is_none_or(|whole| whole == sum(line, found))
            };
            let is_one = left == 0
                && (0..SIDE).all(|line| {
                    fits(&self.rows[line], &mut (line * SIDE..(line + 1) * SIDE))
                        && fits(&self.columns[line], &mut (line..SIDE * SIDE).step_by(SIDE))
                });
            return !is_one || seen(found);
        }
        let (row, column) = (cell / SIDE, cell % SIDE);
        let mut most = if self.may_hold[cell] { left } else { 0 };
        if let Some(whole) = self.rows[row] {
            most = most.min(whole - sum(&mut (row * SIDE..cell), found));
        }
        if let Some(whole) = self.columns[column] {
            most = most.min(whole - sum(&mut (column..cell).step_by(SIDE), found));
        }
        for ballots in 0..=most {
            found[cell] = ballots;
            if !self.fill(cell + 1, found, seen) {
                return false;
            }
        }
        found[cell] = 0;
        true
    }
}

/// Everything that is published of how many ballots there are.
type Publication = (Vec<Option<Option<i64>>>, i64);

#[test]
fn not_even_who_knows_the_rule_can_solve_a_small_group() {
    const ROWS: usize = 2;
    const COLUMNS: usize = 3;
    /// The sizes of a small group in every table that is published alike.
    type Sizes = BTreeSet<i64>;
    let mut classes: HashMap<Publication, Vec<Vec<i64>>> = HashMap::new();
    for total in SMALLEST..=12 {
        let mut tables = vec![vec![]];
        for cell in 0..ROWS * COLUMNS {
            let is_last = cell == ROWS * COLUMNS - 1;
            tables = tables
                .into_iter()
                .flat_map(|table: Vec<i64>| {
                    let left = total - table.iter().sum::<i64>();
                    let from = if is_last { left } else { 0 };
                    (from..=left).map(move |next| [&table[..], &[next]].concat())
                })
                .collect();
        }
        for table in tables {
            let parts: Vec<Part> = (0..table.len())
                .filter(|cell| table[*cell] > 0)
                .map(|cell| {
                    part(
                        CHANNELS[cell / COLUMNS],
                        ASSURANCES[cell % COLUMNS],
                        table[cell],
                    )
                })
                .collect();
            let public = PublicGroups::of(&parts);
            let row = |row: usize| {
                (0..COLUMNS)
                    .map(|place| table[row * COLUMNS + place])
                    .sum::<i64>()
            };
            let column = |column: usize| {
                (0..ROWS)
                    .map(|place| table[place * COLUMNS + column])
                    .sum::<i64>()
            };
            let published =
                |ballots: i64, is_shown: bool| (ballots > 0).then(|| is_shown.then_some(ballots));
            let rows = (0..ROWS)
                .map(|place| published(row(place), public.channels.contains(&CHANNELS[place])));
            let columns = (0..COLUMNS).map(|place| {
                published(
                    column(place),
                    public.assurances.contains(&ASSURANCES[place]),
                )
            });
            let publication = (rows.chain(columns).collect(), total);
            classes.entry(publication).or_default().push(table);
        }
    }
    for (publication, tables) in classes {
        let lines = (0..ROWS).map(|row| (row * COLUMNS..(row + 1) * COLUMNS).collect::<Vec<_>>());
        let columns =
            (0..COLUMNS).map(|column| (column..ROWS * COLUMNS).step_by(COLUMNS).collect());
        let cells = (0..ROWS * COLUMNS).map(|cell| vec![cell]);
        for group in lines.chain(columns).chain(cells) {
            let size = |table: &Vec<i64>| group.iter().map(|cell| table[*cell]).sum::<i64>();
            let sizes: Sizes = tables.iter().map(size).collect();
            let solved = sizes.len() == 1 && sizes.iter().all(|size| (1..SMALLEST).contains(size));
            assert!(!solved, "{group:?} of {publication:?} is {sizes:?}");
        }
    }
}
