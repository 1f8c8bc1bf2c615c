// Reads bytes in ranges with several readers in one thread, which take turns as the dice fall: so every order of things
// happens, which threads on a small file hardly show.

import {expect} from 'vitest';
import {combineRanges} from '../../source/engine/pool/combine-ranges.ts';
import {type ReadLimits, withDefaults} from '../../source/engine/shared/limits.ts';
import type {RangedPart, ReadSettings} from '../../source/engine/shared/protocol.ts';
import {RangeBoard} from '../../source/engine/shared/range-board.ts';
import type {RejectSpoolSettings} from '../../source/engine/shared/spooled-rejects.ts';
import {foldRanges} from '../../source/engine/worker/read/fold-ranges.ts';
import type {SeekableSource} from '../../source/input/byte-source.ts';
import {InputError} from '../../source/input/input-error.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import type {Dice} from './large-tables.ts';
import {readDefaults} from './read-defaults.ts';
import {registersOf, resultOf} from './states.ts';

const kernels = [new Kernel(), new Kernel(), new Kernel(), new Kernel()];

export interface RangesPlan {
	readonly rangeBytes: number;
	readonly readers: number;
	readonly chunkBytes: number;
	readonly maxErrors: number | null;
	readonly maxErrorsPerMillion?: number | null;
	readonly limits?: Partial<ReadLimits>;
	readonly rejectSpool?: RejectSpoolSettings;
	readonly dice: Dice;
}

/** Gives up its turn before a read as often as the dice say. */
function seekable(bytes: Uint8Array, dice: Dice): SeekableSource {
	let offset = 0;
	return {
		isSeekable: true,
		seek(byteOffset) {
			offset = byteOffset;
		},
		async read(target) {
			for (let turns = dice.roll(4); turns > 0; turns--) await null;
			const piece = bytes.subarray(offset, offset + target.length);
			target.set(piece);
			offset += piece.length;
			return piece.length;
		},
	};
}

/** @returns What the parts add up to; `null` where one must read the file alone. */
export async function readInRanges(bytes: Uint8Array, plan: RangesPlan): Promise<unknown> {
	const {rangeBytes, readers, chunkBytes, maxErrors, maxErrorsPerMillion = null, dice} = plan;
	const limits = withDefaults(plan.limits ?? {});
	const settings: ReadSettings = {
		...readDefaults,
		...{maxErrors, maxErrorsPerMillion, limits, chunkBytes},
	};
	const board = new RangeBoard(bytes.length, rangeBytes);
	const parts: RangedPart[] = [];
	const read = async (kernel: Kernel, isHelper: boolean): Promise<void> => {
		try {
			// Each reader has a spool of its own, as each thread has.
			const {rejectSpool} = plan;
			const id = `${rejectSpool?.id} ${kernels.indexOf(kernel)}`;
			const own = rejectSpool === undefined ? settings : {...settings, rejectSpool: {...rejectSpool, id}};
			const part = await foldRanges(seekable(bytes, dice), kernel, own, {report() {}, wait() {}}, board, isHelper);
			parts.push({...part, identity: ''});
		} catch (error) {
			if (!(error instanceof InputError)) throw error;
			board.breakOff();
		}
		// Others may come after one has left.
		if (isHelper && dice.isOneIn(2) && board.rangesLeft > 0) await read(kernel, true);
	};
	if (readers > 1 && dice.isOneIn(3)) board.askToLeave();
	await Promise.all(kernels.slice(0, readers).map((kernel, index) => read(kernel, index > 0)));
	const combined = await combineRanges(board, parts, settings);
	if (combined === null) return null;
	// Which file it was is not a thing that reading finds out.
	const {folded, identity, ...rest} = combined;
	expect(identity).toBe('');
	if (folded.length === 0) return {...rest, result: null};
	return {...rest, result: resultOf(folded), registers: registersOf(folded)};
}
