import {findClosestMatch} from '../../text/closest-match.ts';
import {safe} from '../../text/safe.ts';
import {FLAGS, type FlagDefinition} from './flags.ts';

/** One sentence about a variable that looks like one of ours. */
export function describeUnknownVariable(name: string): string {
	const known = (FLAGS as readonly FlagDefinition[]).flatMap(({env}) =>
		env === undefined ? [] : [withoutPrefix(env)],
	);
	// The common prefix would make every name look like every other one.
	const nearest = findClosestMatch(withoutPrefix(name), known);
	return `${safe(name)} is no setting${nearest === undefined ? '.' : `; did you mean ${PREFIX}${nearest}?`}`;
}

const PREFIX = 'FILEPROC_';
const withoutPrefix = (name: string): string => name.slice(PREFIX.length);
