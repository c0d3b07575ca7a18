// The command line of the harness.
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/// What a wrong command line is told; whoever sees it ends with 2.
export class Misuse extends Error {}

/// Before anything is measured: nobody waits for figures that cannot be kept.
function keptIn(file) {
    if (file === undefined || file.startsWith('--')) throw new Misuse('--json takes the name of a file.');
    let found;
    try {
        found = statSync(file, { throwIfNoEntry: false });
        accessSync(found ? file : dirname(resolve(file)), constants.W_OK);
    } catch {
        throw new Misuse(`${file} cannot be written; name a file in a folder that exists and is yours.`);
    }
    if (found?.isDirectory()) throw new Misuse(`${file} is a folder; --json takes the name of a file.`);
    return file;
}

/// [--quick] [--accept] [--json FILE] [SCENARIO...] -> {quick, accept, json, scenarios}; `known`: the names there are.
export function parsedArguments(words, known) {
    const parsed = { quick: false, accept: false, json: undefined, scenarios: [] };
    for (let i = 0; i < words.length; i += 1) {
        const word = words[i];
        if (word === '--quick') {
            parsed.quick = true;
        } else if (word === '--accept') {
            parsed.accept = true;
        } else if (word === '--json') {
            i += 1;
            parsed.json = keptIn(words[i]);
        } else if (word.startsWith('--')) {
            throw new Misuse(`there is no option '${word}'; there are --quick, --accept and --json FILE.`);
        } else if (known.includes(word)) {
            parsed.scenarios.push(word);
        } else {
            throw new Misuse(`'${word}' is no scenario; there are ${known.join(', ')}.`);
        }
    }
    if (parsed.accept && !parsed.quick) throw new Misuse('--accept rewrites the baseline of --quick; name both.');
    if (parsed.accept && parsed.scenarios.length > 0) throw new Misuse('--accept takes all scenarios or none.');
    return parsed;
}
