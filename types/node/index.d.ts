// What "the types of Node" are to this repository's own code: those of the oldest Node that it runs on, so that it
// uses nothing that is not there. Cells are checked with the newest ones, `@types/node`.
/// <reference types="types-node-20" />
