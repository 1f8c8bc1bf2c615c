// Reads a file in two parts, as threads do that share a large one: up to a place, and from there on.
import {createState, mergeState} from '../../source/analysis/state.ts';
import type {NamedState} from '../../source/engine/shared/consolidation.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import {rejectReport} from '../../source/engine/shared/reject-report.ts';
import {KernelReading} from '../../source/engine/worker/read/kernel-reading.ts';
import type {ByteSource} from '../../source/input/byte-source.ts';
import type {RecordPosition} from '../../source/input/record-reader.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {readDefaults} from './read-defaults.ts';
import {onlyOf, resultOf} from './states.ts';

const settings: ReadSettings = {
	...readDefaults,
	chunkBytes: 4096,
	reader: 'kernel',
};
const noPulse = {report() {}, wait() {}};

export class SeekableBytes implements ByteSource {
	readonly #bytes: Uint8Array;
	offset = 0;
	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}
	readonly seek = (byteOffset: number): void => {
		this.offset = byteOffset;
	};
	read(target: Uint8Array): number {
		const piece = this.#bytes.subarray(this.offset, this.offset + target.length);
		target.set(piece);
		this.offset += piece.length;
		return piece.length;
	}
}

const kernels = [new Kernel(), new Kernel()] as const;

/** What a part came to; lines are counted from where it began. */
export interface Part {
	readonly start: number;
	readonly end: number;
	readonly lines: number;
	readonly rows: number;
	readonly rejects: ReadonlyArray<{readonly line: number; readonly byte_offset: number; readonly reason: string}>;
	readonly folded: NamedState | null;
}

interface Progress {
	readonly reading: KernelReading;
	readonly source: SeekableBytes;
	readonly kernel: Kernel;
}

async function begin(bytes: Uint8Array, kernel: Kernel): Promise<Progress> {
	const source = new SeekableBytes(bytes);
	const reading = new KernelReading(kernel, settings, noPulse);
	await reading.begin(source);
	return {reading, source, kernel};
}

async function readPart({reading, source, kernel}: Progress, stop?: number): Promise<Part> {
	const start = reading.offset;
	const {line} = kernel;
	await reading.readRecords(source, stop);
	return {
		start,
		end: reading.offset,
		lines: kernel.line - line,
		rows: kernel.rows,
		rejects: reading
			.takeRejects()
			.rejects.map(found => rejectReport(found, 'utf-8'))
			.map(reject => ({...reject, line: reject.line - line})),
		folded: onlyOf(reading.takeSourceStates(false)),
	};
}

/** The first part, up to `cut`, and the whole as it is when the same kernel goes on from there. */
export async function readWithStop(
	bytes: Uint8Array,
	cut: number,
): Promise<{first: Part; whole: Part; position: RecordPosition | null}> {
	const progress = await begin(bytes, kernels[0]);
	const first = await readPart(progress, cut);
	const {position} = progress.reading;
	const rest = await readPart(progress);
	const rejects = rest.rejects.map(reject => ({...reject, line: reject.line + first.lines}));
	return {first, position, whole: {...rest, start: first.start, lines: first.lines + rest.lines, rejects}};
}

/** The part from the first record on that seems to begin at `cut` or further; `null` where none seems to. */
export async function readFromGuess(bytes: Uint8Array, cut: number): Promise<Part | null> {
	const progress = await begin(bytes, kernels[1]);
	progress.source.offset = cut - 1;
	return (await progress.reading.jump(progress.source, cut - 1)) ? readPart(progress) : null;
}

/** The part from a place that another reading has come to. */
export async function readFromPosition(
	bytes: Uint8Array,
	position: RecordPosition,
): Promise<Part & {readonly position: RecordPosition | null}> {
	const progress = await begin(bytes, kernels[1]);
	progress.reading.resume(progress.source, position);
	return {position: progress.reading.position, ...(await readPart(progress))};
}

/** Without the start of the second part, which must be the end of the first. */
export function addParts(first: Part, second: Part): Part {
	const shifted = second.rejects.map(reject => ({...reject, line: reject.line + first.lines}));
	const folded = addFolded(first.folded, second.folded);
	return {
		start: first.start,
		end: second.end,
		lines: first.lines + second.lines,
		rows: first.rows + second.rows,
		rejects: [...first.rejects, ...shifted].slice(0, 20),
		folded,
	};
}

function addFolded(first: NamedState | null, second: NamedState | null): NamedState | null {
	if (first === null || second === null) return first ?? second;
	const state = createState(first.state.layout);
	mergeState(state, first.state);
	mergeState(state, second.state);
	return {analysis: first.analysis, state};
}

/** For comparing: what is in the report. */
export const figuresOf = ({folded, ...rest}: Part): unknown => ({
	...rest,
	result: resultOf(folded),
});
