/** What the analysis is called that a question becomes. */
export const QUESTION_NAME = 'question';
