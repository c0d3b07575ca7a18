// The ratios of an earlier ./dev bench --quick, against which later ones are held.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/// A ratio that is worse than before by more than this is a regression.
export const tolerated = 0.2;

export function nameOf(row) {
    return row.against === undefined ? row.scenario : `${row.scenario} ${row.against}`;
}

/// {name: ratio} of the rows that are guarded.
export function ratiosOf(rows) {
    const guarded = rows.filter((row) => row.guarded && row.ratio !== undefined);
    return Object.fromEntries(guarded.map((row) => [nameOf(row), Number(row.ratio.toPrecision(3))]));
}

/// Names that only one of the two has: what nobody compares must not pass for unchanged.
export function unmatched(rows, baseline) {
    const found = ratiosOf(rows);
    return [...Object.keys(found).filter((name) => !(name in baseline)), ...Object.keys(baseline).filter((name) => !(name in found))];
}

/// [{name, before, now}] of the guarded rows that got worse, among those that both have.
export function regressions(rows, baseline) {
    return rows
        .filter((row) => row.guarded && row.ratio !== undefined && baseline[nameOf(row)] !== undefined)
        .map((row) => ({ name: nameOf(row), before: baseline[nameOf(row)], now: row.ratio, at_most: row.at_most }))
        .filter(({ before, now, at_most }) => (at_most ? now > before * (1 + tolerated) : now < before * (1 - tolerated)));
}

/// Of a file that is not there: nothing to hold anything against.
export function readBaseline(file) {
    if (!existsSync(file)) return {};
    return JSON.parse(readFileSync(file, 'utf8'));
}

export function writeBaseline(file, rows) {
    writeFileSync(file, `${JSON.stringify(ratiosOf(rows), undefined, 4)}\n`);
}
