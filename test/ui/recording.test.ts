// The recorded run of the pictures is what `--record` would have written. With `UPDATE_GOLDEN=1` it is recorded again.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {expect, test} from 'vitest';
import {RECORDING, recordedRun} from './recorded-run.ts';
import {recordSimulatedRun} from './simulated-run.ts';

test('the recording is that of the simulated run', () => {
	const lines = recordSimulatedRun();
	if (process.env.UPDATE_GOLDEN === '1') {
		mkdirSync(dirname(RECORDING), {recursive: true});
		writeFileSync(RECORDING, lines);
	}
	expect(readFileSync(RECORDING, 'utf8')).toBe(lines);
});

test('played to its end, it is a run that has ended', async () => {
	const {store} = await recordedRun(Number.POSITIVE_INFINITY);
	expect(store.getSnapshot()).toMatchObject({phase: 'ended', counts: {completed: 21, failed: 3}});
});
