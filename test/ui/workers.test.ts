// The workers that read for a run, in the overview.
import {expect, test} from 'vitest';
import type {WorkerInfo} from '../../source/model/worker-info.ts';
import {textOf} from '../../source/ui/look/line.ts';
import {createLook} from '../../source/ui/look/look.ts';
import {workerLines} from '../../source/ui/views/worker-lines.ts';

const look = createLook({theme: 'mono', colorLevel: 0, ascii: false});
const worker: WorkerInfo = {
	...{name: 'east-1', version: '0.1.0', fits: true, isDraining: false, threads: 2, jobs: 1},
	...{filesDone: 1200, partsDone: 0, bytesPerSecond: 85_000_000, seenAgoMs: 400},
};
const textsOf = (workers: readonly WorkerInfo[] | null): readonly string[] =>
	workerLines(workers, 120, look).map(line => textOf(line).trimEnd());

test('each worker has a line, and what is unusual of it is said', () => {
	expect(textsOf(null)).toEqual([]);
	expect(textsOf([]).join('\n')).toMatch(/WORKERS[\s\S]*None is there/);
	const [, usual, other, silent, ending] = textsOf([
		worker,
		{...worker, version: '0.0.9', fits: false},
		{...worker, seenAgoMs: 7000},
		{...worker, isDraining: true},
	]);
	expect(usual).toMatch(/^ {3}east-1 +0\.1\.0 +1\/2 +1,200 files +85\.0 MB\/s$/);
	const [, withParts] = textsOf([{...worker, partsDone: 16}]);
	expect(withParts).toMatch(/1,200 files +16 parts +85\.0 MB\/s$/);
	expect(other).toMatch(/of another version/);
	expect(silent).toMatch(/not heard of for 7\.0 s/);
	expect(ending).toMatch(/ends when it is done/);
});

test('a name cannot act on the terminal', () => {
	expect(textsOf([{...worker, name: '\u001b[2J'}]).join('\n')).not.toContain('\u001b');
});
