// Reads bytes as a thread reads a file, from its opening to its verified end.
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import {type FileReply, processSource} from '../../source/engine/worker/process-source.ts';
import type {Fold} from '../../source/engine/worker/read/fold.ts';
import {openBytes} from '../../source/engine/worker/source/open-bytes.ts';
import {bytesInPieces, folds} from './fold-bytes.ts';
import {readDefaults} from './read-defaults.ts';
import {registersOf, resultOf} from './states.ts';

export interface BytesPlan extends Partial<ReadSettings> {
	readonly pieces?: readonly number[];
	/** Whether the size is not known, as of a pipe. */
	readonly isStream?: boolean;
	readonly fold?: Fold;
}

export async function processBytes(
	bytes: Uint8Array,
	{pieces = [65_536], isStream = false, fold, ...settings}: BytesPlan = {},
): Promise<FileReply> {
	return processSource(
		{
			location: {kind: 'standard-input'},
			settings: {...readDefaults, ...settings},
			chooseFold: async ({reader}) => fold ?? folds[reader],
			take: takeStates => [...takeStates(() => true)],
			open: (_, limits = readDefaults.limits, onPackedRead) =>
				openBytes(
					{
						...bytesInPieces(bytes, pieces),
						size: isStream ? null : bytes.length,
						identity: null,
						seek: null,
						verify() {},
						close() {},
					},
					limits,
					onPackedRead,
				),
		},
		{progress: {write() {}, sleep() {}}, checkpoint() {}, postSnapshot() {}},
	);
}

/** With every figure, reject and error that the report would have. */
export function tellReply(reply: FileReply): unknown {
	if (reply.type !== 'completed') return reply;
	const {folded, identity, ...rest} = reply;
	return {...rest, result: resultOf(folded), registers: registersOf(folded)};
}
