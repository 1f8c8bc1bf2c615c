import fc from 'fast-check';
import {expect, test} from 'vitest';
import {packOutcomes, unpackOutcomes} from '../../source/engine/worker/packed-outcomes.ts';
import type {SmallFileOutcome, SummedFile} from '../../source/engine/worker/protocol.ts';

const dialects: Array<SummedFile['dialect']> = [',', ';'].map(delimiter => ({
	...{delimiter, quote: '"', encoding: 'utf-8', newline: '\n', header: true, compression: null},
}));
const noRejects: SummedFile['rejects'] = [];
const reject = {line: 2, byte_offset: 12, column: 'amount', reason: 'not-a-number', value: 'x'} as const;
const smallCount = fc.nat({max: 256 * 1024});
const double = fc.double({min: 0, max: 2 ** 53, noNaN: true}).map(value => value + 0);

const usual: fc.Arbitrary<SmallFileOutcome> = fc
	.record({
		bytesRead: smallCount,
		rows: smallCount,
		rejectedRows: smallCount,
		textBytes: smallCount,
		elapsedMs: double,
		dialect: fc.constantFrom(...dialects),
		analysis: fc.constantFrom('transactions' as const, null),
		rejects: fc.constantFrom(noRejects, [reject]),
		dev: double,
		ino: fc.maxSafeNat(),
		mtimeMs: double,
		hasGrown: fc.boolean(),
	})
	.map(({dev, ino, mtimeMs, hasGrown, ...file}) => ({
		...{type: 'completed', resultText: null, ...file},
		state: {dev, ino, size: file.bytesRead + (hasGrown ? 2 ** 31 : 0), mtimeMs},
	}));
const unusual = fc.constantFrom<SmallFileOutcome>(
	{type: 'skipped'},
	{
		type: 'failed',
		error: {code: 'EIO', message: '', line: null, byte_offset: null},
		bytesRead: 2 ** 40,
		elapsedMs: 0.5,
	},
	{
		...{type: 'completed', bytesRead: 2 ** 40, rows: 2 ** 33, rejectedRows: 0, rejects: noRejects, elapsedMs: 1.5},
		...{dialect: dialects[0] as SummedFile['dialect'], analysis: null, resultText: '{}', textBytes: 0, identity: '1:2'},
	},
);

test('what is packed is what comes out, in its order', () => {
	fc.assert(
		fc.property(fc.array(fc.oneof({weight: 5, arbitrary: usual}, unusual)), outcomes => {
			expect(unpackOutcomes(packOutcomes(outcomes))).toEqual(outcomes);
		}),
	);
});
