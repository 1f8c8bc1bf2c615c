import type {Report} from '../../source/model/report.ts';

/** A report without what says only when, how often and from where its files were read. */
export const withoutTimes = ({totals: {processing_time: _, ...totals}, files, ...rest}: Report): unknown => ({
	...rest,
	totals,
	files: files.map(({processing_time: __, source: ___, attempts: ____, ...file}) => file),
});
