// The text of a file that was read, to be looked at again from its beginning, as often as that is needed: unpacked, and in UTF-8 where it is in an
// encoding that has no ASCII in it.
import type {OpenSource} from '../../../engine/worker/source/open-source.ts';
import type {ByteSource} from '../../../input/byte-source.ts';
import {type EncodingLabel, isSingleByte, parseEncoding} from '../../../input/encodings/encoding-labels.ts';
import type {SourcePlaces} from '../../../input/source-places.ts';
import {systemPath} from '../../../text/path-text.ts';

export const CHUNK_BYTES = 256 * 1024;

interface OpenText {
	readonly source: ByteSource;
	/** `null` where places are those of the file, or nobody asks. */
	readonly places: SourcePlaces | null;
	readonly close: () => void;
}

export class SniffedText {
	readonly #open: (tellsPlaces: boolean) => Promise<OpenText>;
	/** In bytes; 0 where that is not known. */
	readonly size: number;
	/** Whether places in it are not those of the file. */
	readonly isRecoded: boolean;

	private constructor(open: (tellsPlaces: boolean) => Promise<OpenText>, size: number, isRecoded: boolean) {
		this.#open = open;
		this.size = size;
		this.isRecoded = isRecoded;
	}

	/** @returns `null` where the file cannot be read once more by its name, as streams and members of archives. */
	static async of(file: string, encoding: string): Promise<SniffedText | null> {
		const label = parseEncoding(encoding);
		const wide = label === null || label === 'utf-8' || isSingleByte(label) ? null : label;
		const openFile = async (): Promise<OpenSource> => {
			const {openSource} = await import('../../../engine/worker/source/open-source.ts');
			return openSource({kind: 'file', path: systemPath(file)});
		};
		try {
			const source = await openFile();
			const isPlain = source.isSeekable && source.dialect === null;
			const size = isPlain && wide === null ? (source.size ?? 0) : 0;
			const isTable = source.dialect !== null;
			source.close();
			if (isTable) return null;
			return new SniffedText(async tellsPlaces => openText(await openFile(), wide, tellsPlaces), size, wide !== null);
		} catch {
			return null;
		}
	}

	/** @param take - May say that it has seen enough. @param memory - In which chunks come. */
	async eachChunk(take: (chunk: Buffer) => boolean, memory: Buffer = Buffer.alloc(CHUNK_BYTES)): Promise<void> {
		const {source, close} = await this.#open(false);
		try {
			for (;;) {
				const length = await source.read(memory);
				if (length === 0 || take(memory.subarray(0, length))) return;
			}
		} finally {
			close();
		}
	}

	/** Where in the file there is what stands at these places of the text. */
	async fileOffsetsOf(offsets: readonly number[]): Promise<ReadonlyMap<number, number>> {
		const sorted = [...new Set(offsets)].toSorted((one, other) => one - other);
		if (!this.isRecoded || sorted.length === 0) return new Map(sorted.map(offset => [offset, offset]));
		const found = new Map<number, number>();
		const {source, places, close} = await this.#open(true);
		try {
			const memory = Buffer.alloc(CHUNK_BYTES);
			let end = 0;
			for (let length = -1; length !== 0 && found.size < sorted.length; end += length) {
				length = await source.read(memory);
				for (const offset of sorted)
					if (!found.has(offset) && (offset < end + length || length === 0))
						found.set(offset, places?.fileOffsetOf(offset) ?? offset);
				places?.settle(end);
			}
			return found;
		} finally {
			close();
		}
	}
}

async function openText(file: OpenSource, wide: EncodingLabel | null, tellsPlaces: boolean): Promise<OpenText> {
	const close = (): void => file.close();
	if (wide === null) return {source: file, places: null, close};
	const {recode} = await import('../../../engine/worker/source/recode.ts');
	const source = recode(file, {encoding: wide, isForced: true, tellsPlaces});
	return {source, places: source.places, close};
}
