import {displayPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';

/** What is wrong with a configuration of routes. */
export interface PipelineFault {
	/** 1-based; `null` where it is about the whole file. */
	readonly place: {readonly line: number; readonly column: number} | null;
	/** With the path to what is wrong in front: `routes[1].tag takes …`. */
	readonly sentence: string;
}

/** More would push the first ones off the screen. */
const FAULTS_SHOWN = 20;

/** A configuration of routes cannot be used; each fault has its own line, as compilers write them. */
export class PipelineError extends Error {
	override readonly name = 'PipelineError';
	readonly faults: readonly PipelineFault[];

	/** @param path - As a text of `text/path-text.ts`. */
	constructor(path: string, faults: readonly PipelineFault[]) {
		const label = safe(displayPath(path));
		const sorted = faults.toSorted(byPlace);
		const lines = sorted
			.slice(0, FAULTS_SHOWN)
			.map(({place, sentence}) => `${[label, ...(place ? [place.line, place.column] : [])].join(':')}: ${sentence}`);
		const more = faults.length - FAULTS_SHOWN;
		super([...lines, ...(more > 0 ? [`… and ${more} more.`] : [])].join('\n'));
		this.faults = sorted;
	}
}

const byPlace = ({place: one}: PipelineFault, {place: other}: PipelineFault): number =>
	(one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0);
