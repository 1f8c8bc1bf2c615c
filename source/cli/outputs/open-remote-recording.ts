// A recording that becomes an object of a store: a file of this machine while the run goes on, because nothing can be added to an object.
import {mkdtemp, rename, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {removeAtExit} from '../../report/temporary-files.ts';
import {OWN_OUTPUT_START_BYTES} from '../../text/own-output.ts';
import {type OpenRecording, openRecording, type RecordingOptions} from './open-recording.ts';
import {isReplaceableStart, NOUNS} from './own-file.ts';
import {assertReplaceable, type ObjectRule, saveObject} from './remote-outputs.ts';

export const assertRecordingReplaceable = (path: string, isForced: boolean): Promise<void> =>
	assertReplaceable(path, recordingRule(isForced));

const recordingRule = (isForced: boolean): ObjectRule => ({
	...{flag: '--record', noun: NOUNS.recording, startBytes: OWN_OUTPUT_START_BYTES},
	reason: 'an object of that name exists that is not a recording of fileproc-tui.',
	mayReplace: start => isForced || isReplaceableStart(start, 'recording'),
});

export async function openRemoteRecording(path: string, options: RecordingOptions): Promise<OpenRecording> {
	const folder = await mkdtemp(join(tmpdir(), 'fileproc-'));
	const keep = removeAtExit(folder);
	const file = join(folder, 'recording.jsonl');
	const {handle, finish} = openRecording(file, options);
	return {
		handle,
		async finish() {
			try {
				await finish();
				await saveObject(path, recordingRule(options.isForced === true), async object => {
					await rename(file, object);
					return true;
				});
			} finally {
				await rm(folder, {recursive: true, force: true});
				keep();
			}
		},
	};
}
