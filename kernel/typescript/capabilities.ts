/** What the kernel tells the language server about itself: it decides what the server sends, and in which form. */

/** What is asked for of a completion item only when it is looked at. */
const RESOLVED = ['documentation', 'detail', 'additionalTextEdits'];

/**
 * The settings that an editor's user would make. A completion that adds an import changes the text elsewhere,
 * which a Jupyter client cannot do; to look for them in all packages takes half a second. And nothing is
 * fetched from the network.
 */
export const userPreferences: object = {
  suggest: { autoImports: false, includeCompletionsForImportStatements: false },
  tsserver: { automaticTypeAcquisition: { enabled: false } },
};

export const clientCapabilities: object = {
  general: { positionEncodings: ['utf-16'] },
  window: { workDoneProgress: false },
  workspace: {
    configuration: false,
    // The kernel tells of changes when a cell is about to run. Were registration announced, the server
    // would ask for watchers, and wait for them.
    didChangeWatchedFiles: { dynamicRegistration: false, relativePatternSupport: false },
  },
  textDocument: {
    synchronization: { dynamicRegistration: false, didSave: false },
    // Pulled: the kernel asks when it wants to know, and nothing is computed that nobody reads.
    diagnostic: { dynamicRegistration: false, relatedDocumentSupport: false, relatedInformation: true },
    completion: {
      contextSupport: true,
      completionItem: {
        snippetSupport: false,
        commitCharactersSupport: false,
        deprecatedSupport: true,
        preselectSupport: true,
        insertReplaceSupport: true,
        labelDetailsSupport: true,
        documentationFormat: ['markdown', 'plaintext'],
        resolveSupport: { properties: RESOLVED },
        tagSupport: { valueSet: [1] },
      },
      completionList: { itemDefaults: ['commitCharacters', 'editRange', 'insertTextFormat', 'data'] },
    },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    signatureHelp: {
      contextSupport: true,
      signatureInformation: {
        documentationFormat: ['markdown', 'plaintext'],
        parameterInformation: { labelOffsetSupport: true },
        activeParameterSupport: true,
        noActiveParameterSupport: true,
      },
    },
    definition: { linkSupport: true },
  },
};
