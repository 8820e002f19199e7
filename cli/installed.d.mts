export declare function whatIsMissing(project: string): string | undefined;
