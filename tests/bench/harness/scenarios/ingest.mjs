// Ingest is measured by a program of its own, without HTTP and with a PostgreSQL that forces its writes to disk.
import { readFileSync } from 'node:fs';

const guarded = ['ingest_new', 'ingest_unchanged'];

const ingest = {
    name: 'ingest',
    quick: true,
    run: async (stage) => {
        const file = `${stage.places.run}/ingest.json`;
        const words = stage.quick ? ['--quick', '--only', guarded.join(',')] : [];
        await stage.processes.run({ name: 'bench_ingest', argv: [stage.places.ingest, '--report', '--json', file, ...words] });
        return JSON.parse(readFileSync(file, 'utf8')).map((row) => ({
            ...row,
            ...Object.fromEntries(['ours', 'peer', 'ratio', 'bar'].map((name) => [name, row[name] ?? undefined])),
            guarded: guarded.includes(row.scenario),
        }));
    },
};

export const ingest_scenarios = [ingest];
