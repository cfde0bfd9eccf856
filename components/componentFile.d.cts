/** Text of a file that lies among the components. @param path from this folder: `rollback/function/index.mjs` @throws Error when it is not there */
export declare function componentFile(path: string): string;
