using Ledger.PrivatePostgres;

// A server for trying things out: prints how to reach it and lives until a line is entered, the input ends, or the program is killed.
await using var server = await PostgresServer.Start(new() { Durable = args.Contains("--durable") });
Console.WriteLine(await server.CreateDatabase());
Console.WriteLine(server.Folder);
Console.ReadLine();
