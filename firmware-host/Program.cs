Console.WriteLine("bedside");
