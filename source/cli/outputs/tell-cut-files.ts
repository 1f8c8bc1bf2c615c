// What of a resumed run is read again whether or not an earlier run has read it, or had begun to.
import {keptPathOf} from '../../engine/backend/keep-results.ts';
import type {Plan} from '../../engine/plan/plan.ts';
import type {RunResults} from '../../ledger/save-run.ts';
import {quantity} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';

/** More would fill the screen. */
const SHOWN = 3;

/** @returns Sentences about it; `null` where there is nothing of the kind. */
export function describeNewBeginnings({entries}: Plan, {cutFile}: RunResults): string | null {
	const names: string[] = [];
	let hasStream = false;
	let memberCount = 0;
	for (const entry of entries) {
		if (entry.type !== 'file') continue;
		if (entry.source.kind === 'standard-input' || entry.source.kind === 'stream') hasStream = true;
		if (entry.source.kind === 'member') memberCount++;
		const path = keptPathOf(entry.source);
		if (path !== null && cutFile(path)?.hasCheckpoint === false) names.push(entry.file);
	}
	const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
	const sentences = [
		...(names.length === 0
			? []
			: [
					`An earlier run was cut while it read ${names.slice(0, SHOWN).map(safe).join(', ')}${more}, and left no checkpoint: ${names.length === 1 ? 'it begins' : 'they begin'} anew.`,
				]),
		...(memberCount === 0
			? []
			: [`${quantity(memberCount, 'file')} in archives: the ledger keeps nothing of these, so they are read again.`]),
		...(hasStream ? ['What is piped in begins anew: a run cannot go on within it.'] : []),
	];
	return sentences.length === 0 ? null : sentences.join(' ');
}
