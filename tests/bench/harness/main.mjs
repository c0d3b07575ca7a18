// ./dev bench: every scenario with its peers in one run, one table at the end. Ends with 0 where all bars are met (of a quick
// run: where nothing got worse than its baseline), with 1 where not, with 2 where the command line is wrong.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Misuse, parsedArguments } from './arguments.mjs';
import { readBaseline, regressions, unmatched, writeBaseline } from './baseline.mjs';
import { allowedCores, layout } from './cores.mjs';
import { keptPopulation, sizes } from './population.mjs';
import { Processes } from './processes.mjs';
import { footprint_scenarios } from './scenarios/footprint.mjs';
import { ingest_scenarios } from './scenarios/ingest.mjs';
import { latency_scenarios } from './scenarios/latency.mjs';
import { own_scenarios } from './scenarios/ourselves.mjs';
import { read_scenarios } from './scenarios/reads.mjs';
import { Stage } from './stage.mjs';
import { jsonOf, tableOf } from './table.mjs';

const scenarios = [...read_scenarios, ...own_scenarios, ...latency_scenarios, ...footprint_scenarios, ...ingest_scenarios];

const say = (text) => console.log(`==> ${text}`);

function placesOf(root) {
    const state = `${root}/.dev/bench`;
    const run = `${state}/run`;
    rmSync(run, { recursive: true, force: true });
    mkdirSync(run, { recursive: true });
    const built = `${root}/build/release`;
    return {
        root,
        state,
        run,
        baseline: `${root}/tests/bench/baseline.json`,
        tributary: `${built}/bin/tributary`,
        sandbox: `${built}/bin/tributary-sandbox`,
        beast: `${built}/tests/bench/bench_beast`,
        ingest: `${built}/tests/bench/bench_ingest`,
    };
}

async function measured({ processes, places, asked, cores }) {
    const chosen = scenarios.filter(({ name, quick }) =>
        asked.scenarios.length > 0 ? asked.scenarios.includes(name) : !asked.quick || quick);
    const population = await keptPopulation({ processes, places, size: sizes[asked.quick ? 'quick' : 'full'], say });
    const guarding = asked.quick && asked.scenarios.length === 0;
    const stage = new Stage({ processes, places, population, layout: cores, quick: asked.quick, guarding });
    await stage.open();
    const rows = [];
    for (const scenario of chosen) {
        say(`measuring ${scenario.name}`);
        rows.push(...await scenario.run(stage));
        await stage.clear();
    }
    return rows;
}

function report(rows, asked, cores, places) {
    console.log(`\n${tableOf(rows)}\n`);
    if (!cores.enough) say('this machine has fewer than 4 cores: servers and load share them, and the figures say little.');
    if (rows.some(({ noisy }) => noisy)) say('rounds marked as noisy differ by more than 10 %: something else was running.');
    if (asked.json !== undefined) writeFileSync(asked.json, jsonOf(rows));
    if (!asked.quick) return rows.every(({ met }) => met !== false);
    if (asked.accept) {
        writeBaseline(places.baseline, rows);
        say('these ratios are the baseline now.');
        return true;
    }
    const baseline = readBaseline(places.baseline);
    const worse = regressions(rows, baseline);
    for (const { name, before, now } of worse) say(`REGRESSION: ${name}: the ratio was ${before}, and is ${now.toFixed(3)}.`);
    if (asked.scenarios.length > 0) return worse.length === 0;
    const missing = unmatched(rows, baseline);
    for (const name of missing) say(`NOT COMPARED: ${name}: only one of this run and the baseline has it; --accept makes this run the baseline.`);
    return worse.length === 0 && missing.length === 0;
}

/// A second Ctrl-C is no reason to leave servers behind.
function endInOrder(processes) {
    let ending = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
        process.on(signal, async () => {
            if (ending) return;
            ending = true;
            await processes.stopAll();
            process.exit(130);
        });
    }
}

async function main() {
    const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
    const asked = parsedArguments(process.argv.slice(2), scenarios.map(({ name }) => name));
    const places = placesOf(root);
    const processes = new Processes(places.run);
    endInOrder(processes);
    const cores = layout(allowedCores());
    // Not to measure beside the server: the harness goes where the load is.
    if (cores.enough) execFileSync('taskset', ['-apc', cores.load.join(','), String(process.pid)], { stdio: 'ignore' });
    try {
        return report(await measured({ processes, places, asked, cores }), asked, cores, places) ? 0 : 1;
    } finally {
        await processes.stopAll();
    }
}

try {
    process.exitCode = await main();
} catch (error) {
    console.error(`dev: ${error.message}`);
    process.exitCode = error instanceof Misuse ? 2 : 1;
}
