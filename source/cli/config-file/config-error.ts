import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';

/** One thing that is wrong with a configuration file. */
export interface ConfigIssue {
	/** 1-based; missing where it is about the file as a whole. */
	readonly place?: {readonly line: number; readonly column: number};
	/** What is wrong, with the path to it in front: `keys.quit[1] takes …`. */
	readonly sentence: string;
}

/** More of them would hide the first ones. */
const ISSUES_SHOWN = 10;

/** A configuration file cannot be used; each issue has a line of its own, as compilers write them. */
export class ConfigError extends EnvironmentError {
	constructor(path: string, issues: readonly ConfigIssue[]) {
		const lines = issues
			.slice(0, ISSUES_SHOWN)
			.map(
				({place, sentence}) => `${[safe(path), ...(place ? [place.line, place.column] : [])].join(':')}: ${sentence}`,
			);
		const more = issues.length - ISSUES_SHOWN;
		if (more > 0) lines.push(`… and ${more} more.`);
		super(`${lines.join('\n')} --no-config goes without.`);
	}
}
