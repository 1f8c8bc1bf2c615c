// The bytes of one file as rsync sends them where nothing of it is there yet: as they are, or compressed.
import {Readable} from 'node:stream';
import {constants, createInflateRaw} from 'node:zlib';
import {RsyncFault, type WireReader} from './wire.ts';

const MAX_PIECE_BYTES = 16 * 1024 * 1024;

/** @throws {RsyncFault} */
export const contentOf = (wire: WireReader, isCompressed: boolean): AsyncIterable<Buffer> =>
	isCompressed ? inflated(wire) : pieces(wire);

async function* pieces(wire: WireReader): AsyncGenerator<Buffer> {
	for (;;) {
		let left = await wire.readInt();
		if (left === 0) return;
		// Less than nothing would be a part of a file that is here.
		if (left < 0 || left > MAX_PIECE_BYTES) throw new RsyncFault('What follows is no part of a file');
		while (left > 0) {
			const some = await wire.readSome(left);
			left -= some.length;
			yield some;
		}
	}
}

const END = 0;
const KIND = 0xc0;
const DEFLATED = 0x40;

async function* deflated(wire: WireReader): AsyncGenerator<Buffer> {
	for (;;) {
		const flag = await wire.readByte();
		if (flag === END) return;
		if ((flag & KIND) !== DEFLATED) throw new RsyncFault('What follows is no part of a file');
		yield await wire.read(((flag & ~KIND) << 8) | (await wire.readByte()));
	}
}

/** The end of the stream is left out by the other end, as it is always the same. */
async function* inflated(wire: WireReader): AsyncGenerator<Buffer> {
	const source = Readable.from(deflated(wire));
	const output = createInflateRaw({finishFlush: constants.Z_SYNC_FLUSH});
	source.on('error', error => output.destroy(error));
	try {
		for await (const chunk of source.pipe(output)) yield chunk as Buffer;
	} catch (error) {
		throw error instanceof RsyncFault ? error : new RsyncFault('What was compressed cannot be read', {cause: error});
	}
}
