// The list of what rsync would send. Both ends sort it, and name its entries by their numbers from then on.
import type {RsyncRequest} from './read-request.ts';
import {RsyncFault, type WireReader} from './wire.ts';

export interface ListedFile {
	/** Below the place that it goes to; bytes, which may be no UTF-8. */
	readonly name: Buffer;
	readonly type: 'file' | 'folder' | 'other';
	/** What was listed before has the same name. */
	isTwice: boolean;
}

/** What is as in the entry before. */
const SAME = {mode: 1 << 1, device: 1 << 2, owner: 1 << 3, group: 1 << 4, name: 1 << 5, time: 1 << 7} as const;
const HAS_LONG_NAME = 1 << 6;

const MODE = {mask: 0o170_000, file: 0o100_000, folder: 0o040_000, link: 0o120_000} as const;
const DEVICES: readonly number[] = [0o020_000, 0o060_000, 0o010_000, 0o140_000];

const MAX_PATH_BYTES = 4096;
const MAX_ENTRIES = 100_000;
/** Of all entries, which lie in the memory together. */
const MAX_NAMES_BYTES = 16 * 1024 * 1024;
const SUM_BYTES = 16;
const NOTHING = Buffer.alloc(0);

/** @throws {RsyncFault} */
export async function readFileList(wire: WireReader, has: RsyncRequest['has']): Promise<readonly ListedFile[]> {
	const files: ListedFile[] = [];
	let [name, mode, namesBytes]: [Buffer, number, number] = [NOTHING, 0, 0];
	for (;;) {
		const flags = await wire.readByte();
		if (flags === 0) break;
		if (files.length === MAX_ENTRIES) throw new RsyncFault(`rsync may send ${MAX_ENTRIES} files at once`);
		name = await readName(wire, flags, name);
		namesBytes += name.length;
		if (namesBytes > MAX_NAMES_BYTES)
			throw new RsyncFault(`The names of all files may have ${MAX_NAMES_BYTES} bytes: send fewer files at once`);
		// Its size: it may be another one by the time that it is sent.
		await wire.readLong();
		if ((flags & SAME.time) === 0) await wire.readInt();
		if ((flags & SAME.mode) === 0) mode = await wire.readInt();
		const kind = mode & MODE.mask;
		if (has.owners && (flags & SAME.owner) === 0) await wire.readInt();
		if (has.groups && (flags & SAME.group) === 0) await wire.readInt();
		if (has.devices && DEVICES.includes(kind) && (flags & SAME.device) === 0) await wire.readInt();
		if (has.links && kind === MODE.link) await wire.read(lengthOf(await wire.readInt()));
		if (has.sums) await wire.read(SUM_BYTES);
		const type = kind === MODE.file ? 'file' : kind === MODE.folder ? 'folder' : 'other';
		files.push({name, type, isTwice: false});
	}
	for (const isThere of [has.owners, has.groups]) if (isThere) await skipNames(wire);
	// Whether something could not be read there, which the other end says itself.
	await wire.readInt();
	return sort(files);
}

async function readName(wire: WireReader, flags: number, before: Buffer): Promise<Buffer> {
	const sameBytes = (flags & SAME.name) === 0 ? 0 : await wire.readByte();
	const length = (flags & HAS_LONG_NAME) === 0 ? await wire.readByte() : lengthOf(await wire.readInt());
	if (sameBytes > before.length || sameBytes + length > MAX_PATH_BYTES) throw new RsyncFault('A name is no name');
	return Buffer.concat([before.subarray(0, sameBytes), await wire.read(length)]);
}

/** Of owners or groups, with the numbers that they have there. */
async function skipNames(wire: WireReader): Promise<void> {
	while ((await wire.readInt()) !== 0) await wire.read(await wire.readByte());
}

function lengthOf(number: number): number {
	if (number < 0 || number > MAX_PATH_BYTES) throw new RsyncFault('A path is longer than paths are');
	return number;
}

/** By bytes; of those with the same name a folder counts, or else the first one. */
function sort(files: ListedFile[]): readonly ListedFile[] {
	files.sort((one, other) => Buffer.compare(one.name, other.name));
	let kept: ListedFile | undefined;
	for (const file of files) {
		if (kept === undefined || !kept.name.equals(file.name)) {
			kept = file;
			continue;
		}
		const isKept = file.type === 'folder' && kept.type !== 'folder';
		(isKept ? kept : file).isTwice = true;
		if (isKept) kept = file;
	}
	return files;
}
