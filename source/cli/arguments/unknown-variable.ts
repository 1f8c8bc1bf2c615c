import {findClosestMatch} from '../../text/closest-match.ts';
import {safe} from '../../text/safe.ts';
import {FLAGS, type FlagDefinition} from './flags.ts';

/** One sentence about a variable that has our prefix but does not exist. */
export function describeUnknownVariable(name: string): string {
	const known = (FLAGS as readonly FlagDefinition[]).flatMap(({env}) =>
		env === undefined ? [] : [withoutPrefix(env)],
	);
	// With the common prefix, every name would look similar to every other.
	const closest = findClosestMatch(withoutPrefix(name), known);
	return `${safe(name)} is no setting${closest === undefined ? '.' : `; did you mean ${PREFIX}${closest}?`}`;
}

const PREFIX = 'FILEPROC_';
const withoutPrefix = (name: string): string => name.slice(PREFIX.length);
