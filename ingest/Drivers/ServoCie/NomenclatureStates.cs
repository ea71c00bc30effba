namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>Channels with states instead of numbers, and alarms (sheet 7), one a line.</summary>
internal static class StateTables
{
    /// <summary>Channel | what it is | id | code and word of each state.</summary>
    internal const string Switches = """
        309|breathing range||1 neonate;2 adult
        310|ventilation mode|set-vent-mode|2 PC;3 VC;4 PRVC;5 VS;6 SIMV(VC)+PS;7 SIMV(PC)+PS;8 PS/CPAP;9 unsupported;10 SIMV(PRVC)+PS;11 Bivent;12 NIV PC;13 NIV PS/CPAP;14 nasal CPAP;15 NAVA;17 NIV NAVA;18 Automode PC;19 Automode VC;20 Automode PRVC;21 Automode PS;22 Automode VS (VC);23 Automode VS (PRVC)
        311|manoeuvres||0 none;1 inspiratory hold;2 expiratory hold;4 O2 breaths;8 start breath
        322|alarm sound||8 normal;10 muted
        329|language||0 en;1 sv;2 de;3 fr;4 it;5 es;6 ja;7 other;8 nl;9 pt;10 da;11 tr;12 el;13 zh;14 ru;15 pl;16 hu;17 cs;18 fi;19 no;20 sk
        330|CO2 unit||1 %;2 kPa;4 mmHg
        337|NIV||1 waiting;2 ventilating;3 disconnected
        349|suction||1 normal;2 waiting;3 disconnected;4 post-oxygenation
        351|compliance compensation||1 off;2 on
        360|Y piece||1 inactive;2 active
        363|gas||1 heliox;2 air
        371|leak alarm||1 off;2 on
        372|nebuliser||1 off;2 intermittent;3 continuous
        374|NAVA apnoea alarm||1 off;2 on
        375|backup ventilation||1 disabled;2 enabled
        376|breathing||1 supported;2 controlled
        377|VC flow pattern||1 adaptive;2 constant;3 decelerating
        """;

    /// <summary>Channel | what it is | patient, device, or a summary of others | id of what it is about. Who an alarm is about is our reading.</summary>
    internal const string Alarms = """
        400|O2 high|patient|fio2-vent
        401|O2 low|patient|fio2-vent
        402|end tidal CO2 high|patient|etco2
        403|end tidal CO2 low|patient|etco2
        410|pressure limit|patient|ppeak
        411|expired minute volume|patient|mv-exp
        412|apnoea or backup|patient|
        413|gas supply|device|
        414|battery|device|
        416|power|device|
        417|mains|device|
        422|barometer|device|
        423|continuous high pressure|patient|ppeak
        424|overrange|device|
        425|O2 cell|device|
        426|internal communication|device|
        430|waiting for more than two minutes|patient|
        431|no patient effort|patient|
        432|leakage|patient|
        433|check tubing|device|
        434|regulation pressure limited|patient|
        435|rate high|patient|vent-rate
        436|rate low|patient|vent-rate
        437|PEEP low|patient|peep
        438|PEEP high|patient|peep
        439|CPAP low|patient|
        440|CPAP high|patient|
        444|gas change|device|
        445|expired minute volume high|patient|mv-exp
        446|expired minute volume low|patient|mv-exp
        447|heliox adapter|device|
        449|catheter, Edi|device|edi
        450|catheter, respiration or heart rate|device|edi
        451|no consistent effort|patient|
        452|leak fraction|patient|
        498|high priority|summary|
        499|summary|summary|
        """;
}
