// From the rounds of two contestants to one line of the table.
import { median, spread } from './statistics.mjs';

/// Rounds that differ by more than this say something about the machine.
export const quiet_spread = 0.1;

/// How a scenario is judged: `value` of a round, `unit`, and what ours is held against.
export const measures = {
    rate: { unit: 'req/s', value: (round) => round.rate, allowed: (peer) => peer, at_most: false },
    /// Twice the peer's and 0.2 ms.
    p99: { unit: 'ms', value: (round) => round.p99, allowed: (peer) => 2 * peer + 0.2, at_most: true },
};

function isMet(ratio, bar, at_most) {
    if (bar === undefined) return undefined;
    return at_most ? ratio <= bar : ratio >= bar;
}

/// `ours` and `theirs` are rounds of {rate, p50, p99, cpu_us, pg_cpu_us, rss}, taken in turn; `theirs` may be undefined.
export function judged({ scenario, against, measure = 'rate', bar, guarded = false }, ours, theirs) {
    const { unit, value, allowed, at_most } = measures[measure];
    const ours_values = ours.map(value);
    const peer_values = theirs?.map(value);
    const ratios = peer_values?.map((peer, i) => ours_values[i] / allowed(peer));
    const ratio = ratios === undefined ? undefined : median(ratios);
    const of = (rounds, name) => median((rounds ?? []).map((round) => round[name]));
    return {
        scenario,
        against,
        unit,
        ours: median(ours_values),
        peer: peer_values === undefined ? undefined : median(peer_values),
        ratio,
        bar,
        at_most,
        met: ratio === undefined ? undefined : isMet(ratio, bar, at_most),
        guarded,
        noisy: [ours_values, peer_values ?? []].some((values) => spread(values) > quiet_spread),
        load_bound: [...ours, ...(theirs ?? [])].some((round) => round.load_bound === true),
        cpu_us: of(ours, 'cpu_us'),
        peer_cpu_us: of(theirs, 'cpu_us'),
        pg_cpu_us: of(ours, 'pg_cpu_us'),
        peer_pg_cpu_us: of(theirs, 'pg_cpu_us'),
        p50_ms: of(ours, 'p50'),
        p99_ms: of(ours, 'p99'),
        peer_p50_ms: of(theirs, 'p50'),
        peer_p99_ms: of(theirs, 'p99'),
        rss_mib: of(ours, 'rss'),
        peer_rss_mib: of(theirs, 'rss'),
    };
}

/// A figure of ours alone, held against what it may be at most (or at least).
export function alone({ scenario, unit, ours, bar, at_most = true, ...more }) {
    const ratio = bar === undefined ? undefined : ours / bar;
    const met = bar === undefined ? undefined : at_most ? ours <= bar : ours >= bar;
    return { scenario, unit, ours, ratio, bar: bar === undefined ? undefined : 1, at_most, met, ...more };
}

/// What two cores bring over one: ours against the peer's own gain.
export function scaling(one, two, bar) {
    const ours = two.ours / one.ours;
    const peer = two.peer / one.peer;
    return {
        scenario: 'scaling',
        against: one.against,
        unit: 'times',
        ours,
        peer,
        ratio: ours / peer,
        bar,
        at_most: false,
        met: isMet(ours / peer, bar, false),
        noisy: one.noisy || two.noisy,
        load_bound: two.load_bound,
    };
}
