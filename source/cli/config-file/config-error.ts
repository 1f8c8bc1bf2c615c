import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';

/** One issue of a configuration file. */
export interface ConfigIssue {
	/** 1-based; missing where the issue concerns the whole file. */
	readonly place?: {readonly line: number; readonly column: number};
	/** What is wrong, with the path to it in front: `keys.quit[1] takes …`. */
	readonly sentence: string;
}

/** More would push the first ones off the screen. */
const ISSUES_SHOWN = 10;

/** A configuration file cannot be used; each issue has its own line, as compilers write them. */
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
