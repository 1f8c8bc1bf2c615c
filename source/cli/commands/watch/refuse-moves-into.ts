// Routes that put files into the watched folder itself: they would come again without end.
import type {Pipeline} from '../../../pipeline/pipeline.ts';
import {moveFolderOf} from '../../../pipeline/processors/built-in/move.ts';
import {PipelineError} from '../../../pipeline/routes/pipeline-error.ts';
import {quoted} from '../../../text/quoted.ts';

/**
@param root - The watched folder, an absolute path.
@param file - The file of the routes; `null`: every file is analyzed.
@throws {PipelineError} Where one does.
*/
export function refuseMovesInto(root: string, {routes}: Pipeline, file: string | null): void {
	const faults = routes.flatMap(({tag, steps}) =>
		steps.flatMap(({processor, with: settings}) => {
			const folder = processor === 'move' && typeof settings.to === 'string' ? moveFolderOf(settings.to) : null;
			if (folder === null || !`${folder}/`.startsWith(`${root}/`)) return [];
			const sentence = `The route ${quoted(tag)} has files moved to ${quoted(folder)}, within the watched folder: expected one outside of it, because files of its own would come again without end.`;
			return [{place: null, sentence}];
		}),
	);
	if (faults.length > 0) throw new PipelineError(file ?? '', faults);
}
