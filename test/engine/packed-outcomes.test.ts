import fc from 'fast-check';
import {expect, test} from 'vitest';
import {
	type FileKind,
	type FileWithRow,
	OutcomePacker,
	unpackOutcomes,
} from '../../source/engine/shared/packed-outcomes.ts';
import type {SmallFileOutcome, SummedFile} from '../../source/engine/shared/protocol.ts';

const dialects: Array<SummedFile['dialect']> = [',', ';'].map(delimiter => ({
	...{delimiter, quote: '"', encoding: 'utf-8', newline: '\n', header: true, compression: null},
}));
const noRejects: SummedFile['rejects'] = [];
const reject = {line: 2, byte_offset: 12, column: 'amount', reason: 'not-a-number', value: 'x'} as const;
const smallCount = fc.nat({max: 256 * 1024});
const double = fc.double({min: 0, max: 2 ** 53, noNaN: true}).map(value => value + 0);

type Step = {readonly usual: FileWithRow; readonly elapsedMs: number} | SmallFileOutcome;

const kinds: readonly FileKind[] = dialects.flatMap(dialect => [
	{dialect, analyses: ['transactions'], rejects: noRejects},
	{dialect, analyses: [], rejects: [reject]},
]);
const usual: fc.Arbitrary<Step> = fc.record({
	usual: fc.record({
		kind: fc.constantFrom(...kinds),
		...{rows: smallCount, rejectedRows: smallCount, rowBytes: smallCount},
		state: fc.record({dev: double, ino: fc.maxSafeNat(), size: smallCount, mtimeMs: double, ctimeMs: double}),
	}),
	elapsedMs: double,
});
const unusual = fc.constantFrom<Step>(
	{type: 'skipped'},
	{
		type: 'failed',
		error: {code: 'EIO', message: '', line: null, byte_offset: null},
		bytesRead: 2 ** 40,
		elapsedMs: 0.5,
	},
	{
		...{type: 'completed', bytesRead: 2 ** 40, rows: 2 ** 33, rejectedRows: 0, rejects: noRejects, elapsedMs: 1.5},
		...{dialect: dialects[0] as SummedFile['dialect'], analyses: [], rowBytes: 2, identity: '1:2'},
	},
);

const toldOf = (step: Step): SmallFileOutcome => {
	if (!('usual' in step)) return step;
	const {kind, state, ...counts} = step.usual;
	const {elapsedMs} = step;
	return {type: 'completed', ...kind, ...counts, bytesRead: state.size, state, elapsedMs};
};

test('what is packed is what comes out, in its order', () => {
	const steps = fc.array(fc.oneof({weight: 5, arbitrary: usual}, unusual), {maxLength: 200});
	fc.assert(
		fc.property(fc.array(steps, {maxLength: 3}), takes => {
			const packer = new OutcomePacker();
			for (const steps of takes) {
				for (const step of steps) {
					if ('usual' in step) packer.addWithRow(step.usual, step.elapsedMs);
					else packer.add(step);
				}
				expect(packer.count).toBe(steps.length);
				const unpacked = unpackOutcomes(packer.take());
				expect(unpacked.length).toBe(steps.length);
				expect(steps.map((_, place) => unpacked.at(place))).toEqual(steps.map(toldOf));
				for (const place of [-1, steps.length, steps.length + 1]) expect(unpacked.at(place)).toBeUndefined();
			}
		}),
	);
});
