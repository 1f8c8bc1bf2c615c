import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import {writeUnderFreeName} from './free-name.ts';
import {NOUNS, type OutputKind} from './own-file.ts';
import {locateOutput} from './place.ts';

/**
Writes a file of the end of a run; under a free name where another program has put one of its own there meanwhile.

@param options.ending - That of a free name.
@throws {EnvironmentError} When it has another name, or could not be written.
*/
export async function saveFile(
	path: string,
	{kind, ending, mayReplace}: {kind: OutputKind; ending: string; mayReplace: (target: string) => boolean},
	write: (path: string, options?: {readonly target: string}) => Promise<void>,
): Promise<void> {
	const {path: target} = locateOutput(path);
	if (mayReplace(target)) return write(path, {target});
	const stem = path.toLowerCase().endsWith(ending.toLowerCase()) ? path.slice(0, -ending.length) : path;
	const other = await writeUnderFreeName(stem, ending, free => write(free));
	const noun = NOUNS[kind];
	throw new EnvironmentError(
		`${noun} ${safe(path)} was not written, because another program has put a file there during the run. ${kind === 'rejects' ? 'It' : noun} is in ${safe(other)} instead.`,
	);
}
