// Opens a member of a tar archive. A plain one has its data as it is. One that is packed is unpacked from its beginning, and what a thread has
// unpacked so far is kept for the next member that it opens: whoever asks for members in their order has the archive unpacked once. A small one
// may be held in memory as a whole, for who cannot wait for it, and for who opens it then.
import type {MemberLocation, Packing, TarPlace} from '../../shared/protocol.ts';
import {truncatedData} from '../../unpacking/corrupt-data.ts';
import {UnpackedTar} from '../../unpacking/tar-input.ts';
import {createUnpackedSource, type UnpackedSource, type UnpackLimits} from '../../unpacking/unpacked-source.ts';
import {compressionOf, MemberData, type OpenArchive, openArchiveHere} from './member-data.ts';
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
	const data =
		packing === null
			? openPlain(path, place, onRead)
			: openPacked(() => openArchiveHere(path, place), place, packing, limits, onRead);
	return tarMemberSource(data, name, place, limits);
}

export function tarMemberSource(data: TarMemberData, name: string, place: TarPlace, limits: UnpackLimits): OpenSource {
	const raw: RawSource = {
		read: target => data.read(target),
		name,
		size: place.unpackedBytes,
		identity: data.archive.identityOf(place),
		seek: null,
		packedIn: {compression: compressionOf(place), bytesRead: data.bytesRead},
		verify: () => data.archive.assertUnchanged(),
		close: data.close,
	};
	return openBytes(raw, limits);
}

export interface TarMemberData {
	readonly archive: Pick<OpenArchive, 'identityOf' | 'assertUnchanged'>;
	readonly read: (target: Uint8Array) => number | Promise<number>;
	readonly bytesRead: () => number;
	readonly close: () => void;
}

function openPlain(path: string | Uint8Array, place: TarPlace, onRead: () => void): TarMemberData {
	const archive = openArchiveHere(path, place);
	const data = new MemberData(archive.file, place.dataOffset, place.unpackedBytes, onRead);
	return {archive, read: target => data.read(target), bytesRead: () => data.bytesRead, close: archive.close};
}

interface OpenTar {
	readonly archiveIdentity: string;
	readonly archive: OpenArchive;
	readonly unpacked: UnpackedSource;
	readonly input: UnpackedTar;
	onRead: () => void;
}

/** What this thread has unpacked last: nobody uses it now. */
let kept: OpenTar | null = null;

export interface HeldMember {
	readonly place: TarPlace;
	readonly archive: OpenArchive;
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
	const member = openPacked(() => openArchiveHere(path, place), place, packing, limits, onRead);
	try {
		const data = new Uint8Array(place.unpackedBytes);
		while (member.bytesRead() < data.length) await member.read(data.subarray(member.bytesRead()));
		held = {place, archive: member.archive, data};
	} finally {
		member.close();
	}
}

function openHeld({archive, data}: HeldMember): TarMemberData & {readonly archive: OpenArchive} {
	let bytesRead = 0;
	return {
		archive,
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

/** @param open - Is asked where the archive is not open yet. */
export function openPacked(
	open: () => OpenArchive,
	place: TarPlace,
	packing: Packing,
	limits: UnpackLimits,
	onRead: () => void,
): TarMemberData & {readonly archive: OpenArchive} {
	const whole = heldTarMember(place);
	if (whole !== null) return openHeld(whole);
	const {dataOffset, unpackedBytes} = place;
	const tar = takeKept(place) ?? openTar(open(), place, packing, limits);
	tar.onRead = onRead;
	let bytesRead = 0;
	/** From the beginning of a read to its good end. */
	let isInDoubt = false;
	let isOpen = true;
	return {
		archive: tar.archive,
		async read(target) {
			isInDoubt = true;
			const {input, archive} = tar;
			const isThere = await input.skip(dataOffset + bytesRead - input.offset);
			const piece = target.subarray(0, unpackedBytes - bytesRead);
			const length = piece.length === 0 ? 0 : await input.read(piece);
			if (!isThere || (length === 0 && piece.length > 0)) throw truncatedData(packing, archive.size);
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

function openTar(archive: OpenArchive, place: TarPlace, packing: Packing, limits: UnpackLimits): OpenTar {
	const unpacked = createUnpackedSource(packing, archive.whole, archive.size, limits, () => tar.onRead());
	const tar: OpenTar = {
		archiveIdentity: place.archiveIdentity,
		archive,
		unpacked,
		input: new UnpackedTar(unpacked),
		onRead() {},
	};
	return tar;
}

function closeTar({unpacked, archive}: OpenTar): void {
	if (held?.archive === archive) held = null;
	unpacked.close();
	archive.close();
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
