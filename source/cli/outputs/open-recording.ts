import {createRecorder, type Recorder} from '../../report/recorder.ts';
import {safe} from '../../text/safe.ts';
import {createLineWriter, type LineWriter, type LineWriterOptions} from './line-writer.ts';
import {openOutput} from './open-output.ts';

export interface OpenRecording extends Recorder, Pick<LineWriter, 'finish'> {}

export interface RecordingOptions extends LineWriterOptions {
	/** Whether a file of another program is overwritten. */
	readonly isForced?: boolean;
}

/**
Opens the file of a recording (`--record`). An older recording is overwritten, any other file is not.

@throws {EnvironmentError} When it cannot be opened, or is something else.
*/
export function openRecording(path: string, {isForced = false, ...options}: RecordingOptions = {}): OpenRecording {
	const opened = openOutput(path, 'recording', isForced);
	const {write, finish} = createLineWriter(opened, `The recording ${safe(path)}`, options);
	return {handle: createRecorder({write}).handle, finish};
}
