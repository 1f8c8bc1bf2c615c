// What several tasks came to together: exactly what one run over all of their files would say.
import {deserialize, serialize} from 'node:v8';
import {zstdDecompressSync} from 'node:zlib';
import {Consolidation, decodeStateInTurns} from '../../engine/shared/consolidation.ts';
import type {NamedPartial} from '../../engine/shared/protocol.ts';
import type {AnalysisResults} from '../../model/results.ts';

/** To be compressed. */
export const serializePartials = (partials: readonly NamedPartial[]): Buffer => serialize(partials);

/** @param packed - Of each task. @throws {PartialError} Of those that another version has made. */
export async function combineResults(packed: readonly Uint8Array[]): Promise<AnalysisResults> {
	const all = new Consolidation();
	for (const each of packed)
		for (const named of deserialize(zstdDecompressSync(each)) as readonly NamedPartial[])
			await all.absorbInTurns(await decodeStateInTurns(named));
	return all.finish();
}
