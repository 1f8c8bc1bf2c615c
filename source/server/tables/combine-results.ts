// What several tasks came to together: exactly what one run over all of their files would say.
import {deserialize, serialize} from 'node:v8';
import {zstdDecompressSync} from 'node:zlib';
import {Consolidation, decodeStateInTurns} from '../../engine/shared/consolidation.ts';
import type {NamedPartial} from '../../engine/shared/protocol.ts';
import type {AnalysisResults} from '../../model/results.ts';

/** Kept as they are, or compressed. */
export const serializePartials = (partials: readonly NamedPartial[]): Buffer => serialize(partials);

/** What a frame of Zstandard begins with; serialized values begin with 0xff. */
const ZSTD_START = 0x28;

const unpack = (packed: Uint8Array): readonly NamedPartial[] =>
	deserialize(packed[0] === ZSTD_START ? zstdDecompressSync(packed) : packed) as readonly NamedPartial[];

/** @param packed - Of each task. @throws {PartialError} Of those that another version has made. */
export async function combineResults(packed: readonly Uint8Array[]): Promise<AnalysisResults> {
	const all = new Consolidation();
	for (const each of packed) for (const named of unpack(each)) await all.absorbInTurns(await decodeStateInTurns(named));
	return all.finish();
}
