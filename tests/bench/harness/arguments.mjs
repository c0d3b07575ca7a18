// The command line of the harness.

/// What a wrong command line is told; whoever sees it ends with 2.
export class Misuse extends Error {}

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
            if (words[i] === undefined) throw new Misuse('--json takes the name of a file.');
            parsed.json = words[i];
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
