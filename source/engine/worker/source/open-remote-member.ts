// A member of an archive on another machine. A small one comes with those behind it, a large one as a stream from where it lies, and of a packed tar
// archive all in front of it as well.
import {type ByteSource, readStart} from '../../../input/byte-source.ts';
import {identityOfRemote, type RemoteLocation} from '../../../remote/remote-location.ts';
import type {MemberLocation, MemberPlace} from '../../shared/protocol.ts';
import {identityOfArchive, KEPT_BYTES, RemoteArchive} from '../../unpacking/remote-archive.ts';
import type {UnpackLimits} from '../../unpacking/unpacked-source.ts';
import {type OpenArchive, type StoredData, storedBytesOf} from './member-data.ts';
import {HEADER_BYTES, SMALL_BYTES, startOfData, zipMemberSource} from './open-member.ts';
import type {OpenSource} from './open-source.ts';
import {openPacked, tarMemberSource} from './open-tar-member.ts';

/** The archive that this thread has read from last. */
let last: {readonly identity: string; readonly secretUrl: string | null; readonly archive: RemoteArchive} | null = null;

/** @param onRead - Called when bytes of the archive have come. */
export async function openRemoteMember(
	{name, place}: MemberLocation,
	location: RemoteLocation,
	limits: UnpackLimits,
	onRead: () => void = () => {},
): Promise<OpenSource> {
	const identity = identityOfArchive(location);
	// What signs an address expires, and is no part of its name.
	const secretUrl = location.kind === 'http' ? (location.secretUrl ?? null) : null;
	if (last?.identity !== identity || last.secretUrl !== secretUrl)
		last = {identity, secretUrl, archive: await RemoteArchive.open(location, KEPT_BYTES)};
	const {archive} = last;
	if (place.format === 'tar' && place.packing !== null)
		return tarMemberSource(
			openPacked(() => openWhole(archive, location), place, place.packing, limits, onRead),
			name,
			place,
			limits,
		);
	const input = inputFrom(archive, place);
	const open = {...versionOf(location), close: input.close};
	if (place.format === 'tar') {
		const data = new Limited(input, place.unpackedBytes, onRead);
		const read = (target: Uint8Array): Promise<number> => data.read(target);
		return tarMemberSource(
			{archive: open, read, bytesRead: () => data.bytesRead, close: input.close},
			name,
			place,
			limits,
		);
	}
	try {
		const header = Buffer.from(await readStart(input, HEADER_BYTES));
		const start = startOfData(header, place, archive.size);
		await readStart(input, start - place.headerOffset - HEADER_BYTES);
		return zipMemberSource(
			new Limited(input, place.packedBytes, onRead),
			open,
			name,
			{...place, dataStart: start},
			limits,
		);
	} catch (error) {
		input.close();
		throw error;
	}
}

/** Each range is asked for by the version that was listed, so nothing is left to be asked. */
const versionOf = ({version}: RemoteLocation): Pick<OpenArchive, 'identityOf' | 'assertUnchanged'> => ({
	identityOf: place => identityOfRemote({version, size: storedBytesOf(place)}),
	assertUnchanged() {},
});

function openWhole(archive: RemoteArchive, location: RemoteLocation): OpenArchive {
	const whole = archive.openWhole();
	return {...versionOf(location), whole, size: archive.size, state: null, close: whole.close};
}

/** The bytes from where a member begins. */
function inputFrom(archive: RemoteArchive, place: MemberPlace): ByteSource & {readonly close: () => void} {
	const start = place.format === 'zip' ? place.headerOffset : place.dataOffset;
	if (storedBytesOf(place) > SMALL_BYTES) {
		const reader = archive.openWhole();
		reader.seek(start);
		reader.expect(start + storedBytesOf(place));
		return reader;
	}
	let at = start;
	return {
		async read(target) {
			const bytes = await archive.readBytes(at, at + target.length);
			target.set(bytes);
			at += bytes.length;
			return bytes.length;
		},
		close() {},
	};
}

class Limited implements StoredData {
	readonly #input: ByteSource;
	readonly #length: number;
	readonly #onRead: () => void;
	bytesRead = 0;

	constructor(input: ByteSource, length: number, onRead: () => void) {
		this.#input = input;
		this.#length = length;
		this.#onRead = onRead;
	}

	async read(target: Uint8Array): Promise<number> {
		const length = await this.#input.read(target.subarray(0, this.#length - this.bytesRead));
		this.bytesRead += length;
		this.#onRead();
		return length;
	}
}
