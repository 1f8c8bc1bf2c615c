import {open, rm} from 'node:fs/promises';
import {removeAtExit} from '../../report/temporary-files.ts';
import {codeOf} from '../../text/system-error.ts';

/**
Writes a file under an unused name: the stem, or the stem with the first free number.

@param write - Writes the file over the empty one that reserves the name.
@returns The path.
*/
export async function writeUnderFreeName(
	stem: string,
	ending: string,
	write: (path: string) => Promise<void>,
): Promise<string> {
	for (let number = 1; ; number++) {
		const path = `${stem}${number === 1 ? '' : `-${number}`}${ending}`;
		try {
			await (await open(path, 'wx')).close();
		} catch (error) {
			if (codeOf(error) === 'EEXIST') continue;
			throw error;
		}
		const keep = removeAtExit(path);
		try {
			await write(path);
		} catch (error) {
			await rm(path, {force: true}).catch(() => {});
			throw error;
		} finally {
			keep();
		}
		return path;
	}
}
