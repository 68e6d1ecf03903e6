using Ledger.Api.CommandLine;
using Ledger.Api.Serving;

return await LedgerCommandLine.Run(ServeCommand.Create(), args);
