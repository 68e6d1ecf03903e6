[assembly: AssemblyFixture(typeof(Ledger.Api.Tests.Serving.SharedApi))]
