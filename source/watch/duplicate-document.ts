// The document of a claim whose content had come to something before. That lies in `results/` under the first claim; where it has been removed there,
// the ledger still has it, and it is a part of this document.
import {dirname, join} from 'node:path';
import type {Decision} from '../ledger/claims-protocol.ts';
import {layOutSafely} from '../text/json-layout.ts';
import {isGone} from './refusal.ts';
import type {WatchContext} from './watch-context.ts';

/** @param document - What is said of the claim itself, as JSON. */
export async function duplicateDocument(
	{folders, ask, storedName}: Pick<WatchContext, 'folders' | 'ask' | 'storedName'>,
	{duplicateOf, duplicateOfName, destination}: Pick<Decision, 'duplicateOf' | 'duplicateOfName' | 'destination'>,
	document: string,
): Promise<string> {
	// Why one failed is said in the document of each.
	if (duplicateOf === null || destination !== 'processed') return document;
	const claim = await ask({type: 'claim', id: duplicateOf});
	// One that is not finished has yet to write its own.
	if (claim !== null && claim.state !== 'finished') return document;
	const name = duplicateOfName ?? claim?.name;
	if (name === undefined) return document;
	const first = join(folders.results, dirname(name), `${storedName(duplicateOf, name)}.json`);
	if (!(await isGone(first))) return document;
	const kept = await ask({type: 'result', id: duplicateOf});
	if (kept === null) return document;
	// The files that its steps had written are gone with it.
	const {outputs: _, ...result} = JSON.parse(kept) as Record<string, unknown>;
	return `${layOutSafely({...(JSON.parse(document) as object), result}, '')}\n`;
}
