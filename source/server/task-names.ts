/** What the systems before called analyses. */
export const TASK_NAMES: Readonly<Record<string, string>> = {
	eda_statistical_summary: 'profile',
	eda_data_quality: 'quality',
};
