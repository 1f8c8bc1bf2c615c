import type {BatchSettings} from '../engine/batch.ts';
import {archiveFileName} from '../engine/plan/list-folder.ts';
import type {PlanEntry} from '../engine/plan/plan.ts';
import {withDefaults} from '../engine/shared/limits.ts';
import {displayPath, systemPath} from '../text/path-text.ts';
import type {PipelineFile} from './pipeline.ts';

/** What is to be read of a file: itself, or the files of an archive, named as people know it: where it lies it may have another name, without an ending. */
export async function entriesOf(
	{path, name, bytes}: Pick<PipelineFile, 'path' | 'name' | 'bytes'>,
	{maxUnpackedBytes, maxUnpackRatio}: BatchSettings,
): Promise<readonly PlanEntry[]> {
	const shown = displayPath(name);
	const located = systemPath(path);
	if (!archiveFileName.test(name))
		return [{type: 'file', file: shown, source: {kind: 'file', path: located, name}, bytesTotal: bytes}];
	const {planArchive} = await import('../engine/plan/plan-archive.ts');
	return (await planArchive(located, shown, withDefaults({maxUnpackedBytes, maxUnpackRatio}), null, {})).entries;
}
