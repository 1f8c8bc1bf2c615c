// Opens a member of a tar archive. A plain one has its data as it is. One that is packed is unpacked from its beginning, and what a thread has
// unpacked so far is kept for the next member that it opens: whoever asks for members in their order has the archive unpacked once. A small one
// may be held in memory as a whole, for who cannot wait for it, and for who opens it then.
import type {MemberLocation, Packing, TarPlace} from '../../shared/protocol.ts';
import type {RegularFile} from '../../shared/regular-file.ts';
import {truncatedData} from '../../unpacking/corrupt-data.ts';
import {UnpackedTar} from '../../unpacking/tar-input.ts';
import {createUnpackedSource, type UnpackedSource, type UnpackLimits} from '../../unpacking/unpacked-source.ts';
import {compressionOf, identityOfMember, MemberData, openListedArchive} from './member-data.ts';
import {openBytes, type RawSource} from './open-bytes.ts';
import type {OpenSource} from './open-source.ts';

/** @param onRead - Called when bytes of the archive have come. */
export function openTarMember(
	path: string | Uint8Array,
	{name}: MemberLocation,
	place: TarPlace,
	limits: UnpackLimits,
	onRead: () => void,
): OpenSource {
	const {packing} = place;
	const data = packing === null ? openPlain(path, place, onRead) : openPacked(path, place, packing, limits, onRead);
	const raw: RawSource = {
		read: target => data.read(target),
		name,
		size: place.unpackedBytes,
		identity: identityOfMember(data.file.stats, place),
		seek: null,
		packedIn: {compression: compressionOf(place), bytesRead: data.bytesRead},
		verify: () => data.file.assertUnchanged(data.file.stats.size),
		close: data.close,
	};
	return openBytes(raw, limits);
}

interface TarMemberData {
	readonly file: RegularFile;
	readonly read: (target: Uint8Array) => number | Promise<number>;
	readonly bytesRead: () => number;
	readonly close: () => void;
}

function openPlain(path: string | Uint8Array, place: TarPlace, onRead: () => void): TarMemberData {
	const file = openListedArchive(path, place);
	const data = new MemberData(file, place.dataOffset, place.unpackedBytes, onRead);
	return {file, read: target => data.read(target), bytesRead: () => data.bytesRead, close: () => file.close()};
}

interface OpenTar {
	readonly archiveIdentity: string;
	readonly file: RegularFile;
	readonly unpacked: UnpackedSource;
	readonly input: UnpackedTar;
	onRead: () => void;
}

/** What this thread has unpacked last: nobody uses it now. */
let kept: OpenTar | null = null;

export interface HeldMember {
	readonly place: TarPlace;
	readonly file: RegularFile;
	readonly data: Uint8Array;
}

/** Whose archive is what is kept. */
let held: HeldMember | null = null;

export const heldTarMember = ({archiveIdentity, dataOffset}: TarPlace): HeldMember | null =>
	held?.place.archiveIdentity === archiveIdentity && held.place.dataOffset === dataOffset ? held : null;

/**
Unpacks a member as a whole, and holds it until the next one.

@throws {InputError} When it cannot be unpacked: nothing is held then.
*/
export async function holdTarMember(
	path: string | Uint8Array,
	place: TarPlace,
	packing: Packing,
	limits: UnpackLimits,
	onRead: () => void,
): Promise<void> {
	held = null;
	const member = openPacked(path, place, packing, limits, onRead);
	try {
		const data = new Uint8Array(place.unpackedBytes);
		while (member.bytesRead() < data.length) await member.read(data.subarray(member.bytesRead()));
		held = {place, file: member.file, data};
	} finally {
		member.close();
	}
}

function openHeld({file, data}: HeldMember): TarMemberData {
	let bytesRead = 0;
	return {
		file,
		read(target) {
			const piece = data.subarray(bytesRead, bytesRead + target.length);
			target.set(piece);
			bytesRead += piece.length;
			return piece.length;
		},
		bytesRead: () => bytesRead,
		close() {},
	};
}

function openPacked(
	path: string | Uint8Array,
	place: TarPlace,
	packing: Packing,
	limits: UnpackLimits,
	onRead: () => void,
): TarMemberData {
	const whole = heldTarMember(place);
	if (whole !== null) return openHeld(whole);
	const {dataOffset, unpackedBytes} = place;
	const tar = takeKept(place) ?? openTar(path, place, packing, limits);
	tar.onRead = onRead;
	let bytesRead = 0;
	/** From the beginning of a read to its good end. */
	let isInDoubt = false;
	let isOpen = true;
	return {
		file: tar.file,
		async read(target) {
			isInDoubt = true;
			const {input, file} = tar;
			const isThere = await input.skip(dataOffset + bytesRead - input.offset);
			const piece = target.subarray(0, unpackedBytes - bytesRead);
			const length = piece.length === 0 ? 0 : await input.read(piece);
			if (!isThere || (length === 0 && piece.length > 0)) throw truncatedData(packing, file.stats.size);
			isInDoubt = false;
			bytesRead += length;
			return length;
		},
		bytesRead: () => bytesRead,
		close() {
			if (!isOpen) return;
			isOpen = false;
			tar.onRead = () => {};
			if (isInDoubt) closeTar(tar);
			else keep(tar);
		},
	};
}

function openTar(path: string | Uint8Array, place: TarPlace, packing: Packing, limits: UnpackLimits): OpenTar {
	const file = openListedArchive(path, place);
	const unpacked = createUnpackedSource(packing, file, file.stats.size, limits, () => tar.onRead());
	const tar: OpenTar = {
		archiveIdentity: place.archiveIdentity,
		file,
		unpacked,
		input: new UnpackedTar(unpacked),
		onRead() {},
	};
	return tar;
}

function closeTar({unpacked, file}: OpenTar): void {
	if (held?.file === file) held = null;
	unpacked.close();
	file.close();
}

function keep(tar: OpenTar): void {
	if (kept !== null) closeTar(kept);
	kept = tar;
}

/** `null` where what is kept is of another archive, or behind the member. */
function takeKept({archiveIdentity, dataOffset}: TarPlace): OpenTar | null {
	const tar = kept;
	kept = null;
	if (tar === null) return null;
	if (tar.archiveIdentity === archiveIdentity && tar.input.offset <= dataOffset) return tar;
	closeTar(tar);
	return null;
}
