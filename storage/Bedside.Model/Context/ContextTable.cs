namespace Bedside.Model.Context;

/// <summary>The catalogue as it is written. A code that was shipped keeps its meaning for ever.</summary>
internal static class ContextTable
{
    /// <summary>Kind | form | series, empty = its own | what it may be about | offered, or what a former build or only a device writes | French | English.</summary>
    public const string Kinds = """
        suction|range||bed|offered|Aspiration|Suction
        position|state||bed|offered|Position|Position
        ventilation-change|event||bed|offered|Ventilation modifiée|Ventilation changed
        blood-sample|event||bed|offered|Prélèvement|Blood sample
        care|range||bed|offered|Soins|Care
        intubation|event||bed|offered|Intubation|Intubation
        extubation|event||bed|offered|Extubation|Extubation
        transport|range||bed|offered|Transport|Transport
        artefact|range||bed any|offered|Artéfact|Artefact
        note|event||bed any|offered|Autre|Other
        transducer-zeroed|event||pressure|offered|Zéro fait|Transducer zeroed
        transducer-levelled|event||pressure|offered|Capteur mis à niveau|Transducer levelled
        line-flushed|event||pressure|offered|Ligne rincée|Line flushed
        catheter-site|state||pressure|offered|Site du cathéter|Catheter site
        probe-site|state||spo2|offered|Site du capteur|Probe site
        probe-size|state||spo2|offered|Taille du capteur|Probe size
        cuff-site|state||nibp|offered|Site du brassard|Cuff site
        cuff-size|state||nibp|offered|Taille du brassard|Cuff size
        temperature-site|state||temperature|offered|Site de la sonde|Temperature site
        sampling-site|state||gas|offered|Site d’échantillonnage|Sampling site
        electrodes-changed|event||ecg neuro|offered|Électrodes changées|Electrodes changed
        prone|state|position|bed|former|Décubitus ventral|Prone
        zeroing|range||bed any|device|Mise à zéro|Zeroing
        calibration|range||bed any|device|Étalonnage|Calibration
        leads-off|range||bed any|device|Électrodes décollées|Leads off
        sensor-off|range||bed any|device|Capteur absent ou débranché|Sensor off or unplugged
        standby|range||bed any|device|Appareil en veille|Device on standby
        mode-change|event||bed any|device|Mode changé|Mode changed
        """;

    /// <summary>Kind | attribute | required or optional | French | English | values as code:French:English.</summary>
    public const string Attributes = """
        suction|route|optional|Voie|Route|closed:système clos:closed system, open:système ouvert:open system, oral:bouche:mouth, nasal:nez:nose
        position|position|required|Position|Position|supine:Dos:Supine, prone:Ventral:Prone, left:Côté gauche:Left side, right:Côté droit:Right side, head-up-30:Tête à 30°:Head up 30°, head-up-45:Tête à 45°:Head up 45°, sitting:Assis:Sitting, head-down:Tête en bas:Head down
        ventilation-change|change|optional|Ce qui a changé|What changed|mode:mode:mode, fio2:FiO₂:FiO₂, peep:PEP:PEEP, volume:volume:volume, pressure:pression:pressure, recruitment:recrutement:recruitment, disconnection:débranchement:disconnection, spontaneous-trial:épreuve de ventilation spontanée:spontaneous breathing trial
        blood-sample|site|optional|Site|Site|arterial:artériel:arterial, central-venous:veineux central:central venous, venous:veineux périphérique:peripheral venous, mixed-venous:veineux mêlé:mixed venous, capillary:capillaire:capillary
        transducer-levelled|reference|optional|Repère|Reference|heart:cœur:heart, tragus:tragus:tragus
        catheter-site|site|required|Site|Site|radial-left:radial gauche:left radial, radial-right:radial droit:right radial, femoral-left:fémoral gauche:left femoral, femoral-right:fémoral droit:right femoral, brachial-left:huméral gauche:left brachial, brachial-right:huméral droit:right brachial, jugular-left:jugulaire gauche:left jugular, jugular-right:jugulaire droite:right jugular, subclavian-left:sous-clavier gauche:left subclavian, subclavian-right:sous-clavier droit:right subclavian, umbilical:ombilical:umbilical
        probe-site|site|required|Site|Site|finger-left:doigt gauche:left finger, finger-right:doigt droit:right finger, ear:oreille:ear, forehead:front:forehead, toe:orteil:toe, nose:nez:nose, hand:main:hand, foot:pied:foot
        probe-size|size|required|Taille|Size|adult:adulte:adult, child:enfant:child, infant:nourrisson:infant, neonate:nouveau-né:neonate
        cuff-site|site|required|Site|Site|arm-left:bras gauche:left arm, arm-right:bras droit:right arm, forearm-left:avant-bras gauche:left forearm, forearm-right:avant-bras droit:right forearm, leg-left:jambe gauche:left leg, leg-right:jambe droite:right leg
        cuff-size|size|required|Taille|Size|adult:adulte:adult, adult-small:petit adulte:small adult, adult-large:grand adulte:large adult, child:enfant:child, infant:nourrisson:infant, neonate:nouveau-né:neonate, thigh:cuisse:thigh
        temperature-site|site|required|Site|Site|oesophageal:œsophage:oesophagus, bladder:vessie:bladder, rectal:rectum:rectum, tympanic:tympan:ear drum, nasopharyngeal:rhinopharynx:nasopharynx, axillary:aisselle:armpit, oral:bouche:mouth, skin:peau:skin, blood:sang:blood
        sampling-site|site|required|Site|Site|tube:sonde d’intubation:tracheal tube, tracheostomy:trachéotomie:tracheostomy, y-piece:pièce en Y:Y piece, mask:masque:mask, nasal:lunettes nasales:nasal cannula
        zeroing|ended|optional|Fin|End|unknown:inconnue:not known
        calibration|ended|optional|Fin|End|unknown:inconnue:not known
        leads-off|ended|optional|Fin|End|unknown:inconnue:not known
        sensor-off|ended|optional|Fin|End|unknown:inconnue:not known
        standby|ended|optional|Fin|End|unknown:inconnue:not known
        """;
}
