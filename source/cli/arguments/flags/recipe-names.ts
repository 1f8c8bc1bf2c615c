/** What `help` has beside the commands: the ways in which people use the program. */
export const RECIPE_NAMES = ['desk', 'remote', 'inbox', 'team', 'script', 'cluster'] as const;

export type RecipeName = (typeof RECIPE_NAMES)[number];
