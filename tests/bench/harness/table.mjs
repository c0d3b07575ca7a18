// The table at the end, and the same as JSON.

function figure(value) {
    if (value === undefined || value === null) return '';
    const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
    return value.toFixed(digits);
}

function pair(ours, peer) {
    if (ours === undefined) return '';
    return peer === undefined ? figure(ours) : `${figure(ours)} / ${figure(peer)}`;
}

function verdict(row) {
    if (row.met === undefined || row.met === null) return '';
    return row.met ? 'met' : 'MISSED';
}

const columns = [
    ['scenario', (row) => row.scenario],
    ['against', (row) => row.against ?? ''],
    ['unit', (row) => row.unit ?? ''],
    ['ours', (row) => figure(row.ours)],
    ['peer', (row) => figure(row.peer)],
    ['ratio', (row) => figure(row.ratio)],
    ['bar', (row) => (row.bar === undefined || row.bar === null ? '' : `${row.at_most ? '<=' : '>='} ${figure(row.bar)}`)],
    ['', verdict],
    ['CPU us', (row) => pair(row.cpu_us, row.peer_cpu_us)],
    ['PG us', (row) => pair(row.pg_cpu_us, row.peer_pg_cpu_us)],
    ['p50 ms', (row) => pair(row.p50_ms, row.peer_p50_ms)],
    ['p99 ms', (row) => pair(row.p99_ms, row.peer_p99_ms)],
    ['RSS MiB', (row) => pair(row.rss_mib, row.peer_rss_mib)],
    ['remark', (row) => [row.noisy ? 'noisy' : '', row.load_bound ? 'load at its limit' : '', row.remark ?? ''].filter(Boolean).join('; ')],
];

/// Markdown, so that it can stand in BENCHMARKS.md as it is printed. What two figures share a cell is ours / the peer's.
export function tableOf(rows) {
    const cells = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
    const widths = columns.map((_, at) => Math.max(3, ...cells.map((line) => line[at].length)));
    const line = (texts) => `| ${texts.map((text, at) => text.padEnd(widths[at])).join(' | ')} |`;
    return [line(cells[0]), line(widths.map((width) => '-'.repeat(width))), ...cells.slice(1).map(line)].join('\n');
}

/// A list of objects; what is not there is null.
export function jsonOf(rows) {
    const filled = rows.map(({ scenario, ours, peer, ratio, bar, met, ...more }) => {
        const known = { scenario, ours, peer, ratio, bar, met };
        for (const name of Object.keys(known)) known[name] ??= null;
        return { ...known, ...more };
    });
    return `${JSON.stringify(filled, undefined, 2)}\n`;
}
